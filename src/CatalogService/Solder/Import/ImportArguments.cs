using System.Diagnostics.CodeAnalysis;

namespace PackRelay.CatalogService.Solder.Import;

/// <summary>The command line of <c>import-solder</c>.</summary>
/// <param name="Url">The other Solder's API; it ends in a slash.</param>
/// <param name="Key">A key of it; null to read what is public.</param>
/// <param name="Owner">Username of the account that is to own the modpacks.</param>
/// <param name="IsDryRun">Whether nothing is to be written.</param>
internal sealed record ImportArguments(Uri Url, string? Key, string Owner, bool IsDryRun)
{
    public const string Command = "import-solder";

    public const string Usage = $"usage: {Command} --url https://solder.example/api [--key KEY] [--owner USERNAME, default admin] [--dry-run]";

    /// <summary>Reads the arguments behind the command; false when they are not what it takes.</summary>
    public static bool TryRead(ReadOnlySpan<string> arguments, [NotNullWhen(true)] out ImportArguments? read)
    {
        read = null;
        var (url, key, owner, isDryRun) = ((string?)null, (string?)null, "admin", false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--dry-run":
                    isDryRun = true;
                    continue;
                case "--url" when value is not null:
                    url = value;
                    break;
                case "--key" when value is not null:
                    key = value;
                    break;
                case "--owner" when value is not null:
                    owner = value;
                    break;
                default:
                    return false;
            }

            i++;
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0) return false;
        read = new ImportArguments(new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), key, owner, isDryRun);
        return true;
    }
}
