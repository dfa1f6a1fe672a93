using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Reading;

/// <summary>The list <c>sources</c>.</summary>
internal static class SourceShape
{
    public const int MaxIdLength = 100;
    private const int MaxTextLength = 500;
    private const int MaxUrlLength = 2048;
    private const string IdRule = "must be 1 to 100 characters of a-z, 0-9, hyphen, dot and underscore, the first a letter or digit";

    public static IReadOnlyList<ManifestSource> ReadAll(ObjectReader root, int maxSources, ProblemList problems)
    {
        var sources = new List<ManifestSource>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in root.Items("sources"u8, maxSources))
        {
            var entry = new ObjectReader(item, "sources", sources.Count, problems);
            var source = entry.IsObject() ? Read(entry) : new UploadedSource("");
            if (source.Id.Length > 0 && !ids.Add(source.Id)) entry.Report("id"u8, "is the id of an earlier source");
            sources.Add(source);
            if (problems.IsFull) break;
        }
        return sources;
    }

    private static ManifestSource Read(ObjectReader entry)
    {
        var id = entry.Text("id"u8, IsId, IdRule);
        return entry.Text("source"u8, maxLength: 100) switch
        {
            "nexus" => new NexusSource(id, Text(entry, "game"u8), entry.Integer("modId"u8, out _), entry.Integer("fileId"u8, out _), Text(entry, "version"u8)),
            "github" => new GitHubSource(id, Text(entry, "owner"u8), Text(entry, "repo"u8), Text(entry, "releaseTag"u8), Text(entry, "assetName"u8),
                entry.OptionalText("sha256"u8, text => Sha256Hex.IsValid(text), Sha256Hex.Rule)),
            "7dtm" => new SevenDaysModsSource(id, Text(entry, "modSlug"u8), Text(entry, "version"u8), entry.Text("upstreamUrl"u8, IsWebAddress, $"must be an http or https address of at most {MaxUrlLength} characters")),
            "thunderstore" => new ThunderstoreSource(id, Text(entry, "community"u8), Text(entry, "namespace"u8), Text(entry, "name"u8), Text(entry, "version"u8),
                entry.Text("sha256"u8, text => Sha256Hex.IsValid(text), Sha256Hex.Rule)),
            "legacy-blob" => new UploadedSource(id),
            var kind => new UnknownSource(id, kind),
        };
    }

    private static string Text(ObjectReader entry, ReadOnlySpan<byte> member) => entry.Text(member, MaxTextLength);

    private static bool IsId(string text) =>
        text.Length is >= 1 and <= MaxIdLength && char.IsAsciiLetterOrDigit(text[0]) && text.AsSpan().HasOnly(AsciiRules.SourceIdTail);

    /// <summary>Clients show it as a link, so it must not be a script.</summary>
    private static bool IsWebAddress(string text) =>
        text.Length <= MaxUrlLength && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}
