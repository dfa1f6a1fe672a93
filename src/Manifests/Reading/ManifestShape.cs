using System.Text.Json;
using PackRelay.Manifests.Json;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Reading;

/// <summary>The root object of a manifest.</summary>
internal static class ManifestShape
{
    private const int MaxNameLength = 200;
    private const string GameBeforeVersion3 = "7d2d";

    /// <summary>Null when there are problems.</summary>
    public static Manifest? Read(JsonElement element, ManifestLimits limits, ProblemList problems)
    {
        var root = new ObjectReader(element, "", problems);
        if (!root.IsObject()) return null;
        var schemaVersion = SchemaVersion(root);
        var sources = schemaVersion >= 2 ? SourceShape.ReadAll(root, limits.MaxFiles, problems) : [];
        var files = FileShape.ReadAll(root, limits.MaxFiles, schemaVersion, sources, problems);
        var publishedAt = root.Text("publishedAt"u8, IsoMoment.IsValid, IsoMoment.Rule);
        var manifest = new Manifest
        {
            SchemaVersion = schemaVersion,
            Name = root.Text("name"u8, text => PackSlug.IsValid(text), PackSlug.Rule),
            DisplayName = root.Text("displayName"u8, MaxNameLength),
            Version = root.Text("version"u8, SemanticVersion.IsManifestVersion, SemanticVersion.Rule),
            Game = Game(root, schemaVersion, limits),
            GameVersion = root.Text("gameVersion"u8, maxLength: 40),
            Publisher = root.Text("publisher"u8, MaxNameLength),
            PublishedAt = publishedAt,
            PublishedAtUtc = IsoMoment.TryParse(publishedAt, out var moment) ? moment : default,
            Description = root.OptionalText("description"u8, maxLength: 20_000, minLength: 0),
            Tags = root.Texts("tags"u8, max: 20, maxLength: 40),
            Files = files,
            Sources = sources,
            Framework = schemaVersion >= 3 ? Framework(root, problems) : null,
            Requires = schemaVersion >= 3 ? Requires(root, problems) : null,
            Signature = SignatureShape.Read(root, problems),
            TotalSizeBytes = TotalSizeBytes(root, files),
        };
        return problems.Items.Count == 0 ? manifest : null;
    }

    /// <summary>1 when it is not known, so that the rest is still looked at by the rules of the strictest version.</summary>
    private static int SchemaVersion(ObjectReader root)
    {
        var version = root.Integer("schemaVersion"u8, out var isRead);
        if (isRead && version is >= 1 and <= 3) return (int)version;
        if (isRead) root.Report("schemaVersion"u8, "must be 1, 2 or 3");
        return 1;
    }

    private static string Game(ObjectReader root, int schemaVersion, ManifestLimits limits) => schemaVersion < 3
        ? root.Text("game"u8, game => game is GameBeforeVersion3, $"must be {GameBeforeVersion3} in schema versions 1 and 2")
        : root.Text("game"u8, limits.Games.Contains, $"must be one of {string.Join(", ", limits.Games.Order(StringComparer.Ordinal))}");

    private static ManifestFramework? Framework(ObjectReader root, ProblemList problems)
    {
        if (!root.TryGet("framework"u8, out var element)) return null;
        var framework = new ObjectReader(element, "framework", problems);
        return framework.IsObject() ? new ManifestFramework(framework.Text("id"u8, maxLength: 100), framework.Text("version"u8, maxLength: 64)) : null;
    }

    private static ManifestRequires? Requires(ObjectReader root, ProblemList problems)
    {
        if (!root.TryGet("requires"u8, out var element)) return null;
        var requires = new ObjectReader(element, "requires", problems);
        return requires.IsObject() ? new ManifestRequires(requires.Texts("serverPlatforms"u8, max: 20, maxLength: 40)) : null;
    }

    private static long TotalSizeBytes(ObjectReader root, IReadOnlyList<ManifestFile> files)
    {
        long total = 0;
        foreach (var file in files)
        {
            total += file.SizeBytes; // each is at most 2^53-1, and the sum is looked at before it can overflow
            if (total <= CanonicalNumber.Max) continue;
            root.Report("files"u8, "must add up to at most 2^53-1 bytes");
            return 0;
        }
        return total;
    }
}
