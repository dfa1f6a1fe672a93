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
        var publishedAt = root.Text("publishedAt", IsoMoment.IsValid, IsoMoment.Rule);
        var manifest = new Manifest
        {
            SchemaVersion = schemaVersion,
            Name = root.Text("name", text => PackSlug.IsValid(text), PackSlug.Rule),
            DisplayName = root.Text("displayName", MaxNameLength),
            Version = root.Text("version", SemanticVersion.IsManifestVersion, SemanticVersion.Rule),
            Game = Game(root, schemaVersion, limits),
            GameVersion = root.Text("gameVersion", maxLength: 40),
            Publisher = root.Text("publisher", MaxNameLength),
            PublishedAt = publishedAt,
            PublishedAtUtc = IsoMoment.TryParse(publishedAt, out var moment) ? moment : default,
            Description = root.OptionalText("description", maxLength: 20_000, minLength: 0),
            Tags = root.Texts("tags", max: 20, maxLength: 40),
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
        var version = root.Integer("schemaVersion", out var isRead);
        if (isRead && version is >= 1 and <= 3) return (int)version;
        if (isRead) root.Report("schemaVersion", "must be 1, 2 or 3");
        return 1;
    }

    private static string Game(ObjectReader root, int schemaVersion, ManifestLimits limits) => schemaVersion < 3
        ? root.Text("game", game => game is GameBeforeVersion3, $"must be {GameBeforeVersion3} in schema versions 1 and 2")
        : root.Text("game", limits.Games.Contains, $"must be one of {string.Join(", ", limits.Games.Order(StringComparer.Ordinal))}");

    private static ManifestFramework? Framework(ObjectReader root, ProblemList problems)
    {
        if (!root.TryGet("framework", out var element)) return null;
        var framework = new ObjectReader(element, "framework", problems);
        return framework.IsObject() ? new ManifestFramework(framework.Text("id", maxLength: 100), framework.Text("version", maxLength: 64)) : null;
    }

    private static ManifestRequires? Requires(ObjectReader root, ProblemList problems)
    {
        if (!root.TryGet("requires", out var element)) return null;
        var requires = new ObjectReader(element, "requires", problems);
        return requires.IsObject() ? new ManifestRequires(requires.Texts("serverPlatforms", max: 20, maxLength: 40)) : null;
    }

    private static long TotalSizeBytes(ObjectReader root, IReadOnlyList<ManifestFile> files)
    {
        long total = 0;
        foreach (var file in files)
        {
            total += file.SizeBytes; // each is at most 2^53-1, and the sum is looked at before it can overflow
            if (total <= CanonicalNumber.Max) continue;
            root.Report("files", "must add up to at most 2^53-1 bytes");
            return 0;
        }
        return total;
    }
}
