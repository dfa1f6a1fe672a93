using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Reading;

/// <summary>The list <c>files</c>: each entry by itself, then all of them together.</summary>
internal static class FileShape
{
    public static IReadOnlyList<ManifestFile> ReadAll(
        ObjectReader root, int maxFiles, int schemaVersion, IReadOnlyList<ManifestSource> sources, ProblemList problems)
    {
        var sourceIds = sources.Select(source => source.Id).ToHashSet(StringComparer.Ordinal);
        var items = root.Items("files"u8, maxFiles, required: true);
        var files = new List<ManifestFile>();
        var before = problems.Items.Count;
        foreach (var item in items)
        {
            var entry = new ObjectReader(item, "files", files.Count, problems);
            files.Add(entry.IsObject() ? Read(entry, schemaVersion, sourceIds) : new ManifestFile("", "", 0));
            if (problems.IsFull) return files;
        }
        if (problems.Items.Count > before) return files; // comparing entries that are wrong by themselves would only repeat it
        ReportTwins(files, problems);
        ReportContradictions(files, problems);
        return files;
    }

    private static ManifestFile Read(ObjectReader entry, int schemaVersion, HashSet<string> sourceIds)
    {
        var path = entry.Text("path"u8, maxLength: ManifestPaths.MaxLength);
        if (path.Length > 0 && ManifestPaths.Check(path, schemaVersion) is { } reason) entry.Report("path"u8, reason);
        var sourceRef = schemaVersion >= 2 ? entry.OptionalText("sourceRef"u8, maxLength: SourceShape.MaxIdLength) : null;
        if (sourceRef is { Length: > 0 } && !sourceIds.Contains(sourceRef)) entry.Report("sourceRef"u8, "must be the id of an entry of sources");
        return new ManifestFile(path, entry.Text("sha256"u8, text => Sha256Hex.IsValid(text), Sha256Hex.Rule), entry.Integer("size"u8, out _))
        {
            Executable = entry.Flag("executable"u8),
            SourceRef = sourceRef,
            Side = Side(entry),
            Optional = entry.Flag("optional"u8),
            Group = entry.OptionalText("group"u8, maxLength: 100),
        };
    }

    private static ManifestSide Side(ObjectReader entry) =>
        entry.OptionalText("side"u8, text => text is "client" or "server" or "both", "must be client, server or both") switch
        {
            "client" => ManifestSide.Client,
            "server" => ManifestSide.Server,
            _ => ManifestSide.Both,
        };

    private static void ReportTwins(List<ManifestFile> files, ProblemList problems)
    {
        foreach (var pair in PathTwins.Find(files.ConvertAll(file => file.Path)))
            problems.Add($"files[{pair.Second}].path", pair.IsFolder
                ? $"and files[{pair.First}].path need one name for a file and a folder"
                : $"is the same file as files[{pair.First}].path on a file system that ignores case or Unicode normalisation");
    }

    /// <summary>One hash has one size: a manifest that says otherwise describes files that cannot exist.</summary>
    private static void ReportContradictions(List<ManifestFile> files, ProblemList problems)
    {
        var firstWithHash = new Dictionary<string, int>(files.Count, StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
            if (!firstWithHash.TryAdd(files[i].Sha256, i) && files[firstWithHash[files[i].Sha256]] is var first && first.SizeBytes != files[i].SizeBytes)
                problems.Add($"files[{i}].size", $"differs from files[{firstWithHash[files[i].Sha256]}].size although both have one sha256");
    }
}
