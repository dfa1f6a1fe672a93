using System.Diagnostics.CodeAnalysis;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files;

/// <summary>What clients call a file while they bring it: <c>packs/files/&lt;sha256&gt;</c>.</summary>
internal static class FilePath
{
    private const string Prefix = "packs/files/";

    private const string Rule = $"{Prefix} and the file's SHA-256, 64 lower-case hexadecimal digits";

    public static string Of(string sha256) => Prefix + sha256;

    /// <summary>The hash in a pathname; else 400 <c>invalid_pathname</c>.</summary>
    public static bool TryRead(string? pathname, [NotNullWhen(true)] out string? sha256, [NotNullWhen(false)] out ApiError? error)
    {
        var isValid = pathname is not null && pathname.StartsWith(Prefix, StringComparison.Ordinal) && Sha256Hex.IsValid(pathname.AsSpan(Prefix.Length));
        sha256 = isValid ? pathname![Prefix.Length..] : null;
        error = isValid ? null : ApiError.Invalid("pathname", Rule);
        return isValid;
    }
}
