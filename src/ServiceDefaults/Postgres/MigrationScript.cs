using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>One numbered script of one assembly.</summary>
/// <param name="Source">Name of the assembly that owns it.</param>
/// <param name="Number">Its place in the order, from 1.</param>
/// <param name="Name">The rest of its file name.</param>
/// <param name="Sql">Its text.</param>
internal sealed partial record MigrationScript(string Source, int Number, string Name, string Sql)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The scripts of an assembly in order. Two of one number are a mistake that must not reach a database.</summary>
    public static IReadOnlyList<MigrationScript> Of(Assembly assembly)
    {
        var source = assembly.GetName().Name!;
        var scripts = assembly.GetManifestResourceNames()
            .Select(resource => (Resource: resource, Match: ResourceName().Match(resource)))
            .Where(found => found.Match.Success)
            .Select(found => new MigrationScript(
                source, int.Parse(found.Match.Groups["number"].Value, CultureInfo.InvariantCulture), found.Match.Groups["name"].Value, Read(assembly, found.Resource)))
            .OrderBy(script => script.Number)
            .ToList();
        return scripts.Select(script => script.Number).Distinct().Count() == scripts.Count
            ? scripts
            : throw new InvalidOperationException($"Two migrations of {source} have the same number.");
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\.Migrations\._?(?<number>[0-9]{4})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ResourceName();
}
