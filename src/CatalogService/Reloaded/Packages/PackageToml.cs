using Tomlyn;
using Tomlyn.Model;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>What the hub itself reads in a package.toml: the names by which people look for packages. The file is the publisher's, and is served as it came, also when it is not good TOML.</summary>
/// <param name="Id">The member <c>Id</c>; null without one.</param>
/// <param name="Name">The member <c>Name</c>; null without one.</param>
/// <param name="Summary">The member <c>Summary</c>; null without one.</param>
internal sealed record PackageToml(string? Id, string? Name, string? Summary)
{
    private const int MaxShownLength = 300;

    private static readonly TomlSerializerOptions Options = new() { MaxDepth = 32 };

    public static PackageToml Read(string text) => TomlSerializer.TryDeserialize<TomlTable>(text, out var table, Options) && table is not null
        ? new(Text(table, "Id"), Text(table, "Name"), Text(table, "Summary"))
        : new(null, null, null);

    private static string? Text(TomlTable table, string name) =>
        table.TryGetValue(name, out var value) && value is string { Length: > 0 and <= MaxShownLength } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}
