using PackRelay.Manifests.Model;

namespace PackRelay.Manifests.Comparing;

/// <summary>What turns the files of one version into those of another. All lists are sorted by path, ordinally.</summary>
/// <param name="Added">Files whose path is new; as they are in the newer version.</param>
/// <param name="Changed">Files whose content or executable mark differs; as they are in the newer version.</param>
/// <param name="Removed">Paths that are gone. A renamed file is one removed and one added.</param>
/// <param name="DownloadSizeBytes">Bytes a client that has all of the older version must fetch: each content once, and none that the older version already has under any path.</param>
public sealed record ManifestDiff(
    IReadOnlyList<ManifestFile> Added, IReadOnlyList<ManifestFile> Changed, IReadOnlyList<string> Removed, long DownloadSizeBytes)
{
    /// <summary>Compares the files of two versions. Paths are compared exactly: a path that only changes its case is a rename.</summary>
    public static ManifestDiff Compare(IReadOnlyCollection<ManifestFile> from, IReadOnlyCollection<ManifestFile> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var left = from.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var present = from.Select(file => file.Sha256).ToHashSet(StringComparer.Ordinal);
        List<ManifestFile> added = [], changed = [];
        long downloadSizeBytes = 0;
        foreach (var file in to)
        {
            if (!left.Remove(file.Path, out var before)) added.Add(file);
            else if (!string.Equals(before.Sha256, file.Sha256, StringComparison.Ordinal) || before.Executable != file.Executable) changed.Add(file);
            if (present.Add(file.Sha256)) downloadSizeBytes += file.SizeBytes;
        }
        added.Sort(ByPath);
        changed.Sort(ByPath);
        return new ManifestDiff(added, changed, left.Keys.Order(StringComparer.Ordinal).ToList(), downloadSizeBytes);
    }

    private static int ByPath(ManifestFile left, ManifestFile right) => string.CompareOrdinal(left.Path, right.Path);
}
