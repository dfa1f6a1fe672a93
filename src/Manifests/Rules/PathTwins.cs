namespace PackRelay.Manifests.Rules;

/// <summary>Finds paths of one manifest that cannot be unpacked side by side.</summary>
public static class PathTwins
{
    /// <summary>Two entries that get into each other's way.</summary>
    /// <param name="First">Index of the entry that stands earlier in the list.</param>
    /// <param name="Second">Index of the later one.</param>
    /// <param name="IsFolder">False: both are the same file somewhere. True: one is a file and the other lies in a folder of that name.</param>
    public readonly record struct Pair(int First, int Second, bool IsFolder);

    /// <summary>Compares all with all by sorting once.</summary>
    public static IEnumerable<Pair> Find(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Compare(paths);
    }

    private static IEnumerable<Pair> Compare(IReadOnlyList<string> paths)
    {
        var keys = new string[paths.Count];
        var indexes = new int[paths.Count];
        for (var i = 0; i < keys.Length; i++) (keys[i], indexes[i]) = (PathKey.Of(paths[i]), i);
        Array.Sort(keys, indexes, StringComparer.Ordinal);
        for (var i = 1; i < keys.Length; i++)
        {
            var (before, key) = (keys[i - 1], keys[i]);
            if (!key.StartsWith(before, StringComparison.Ordinal)) continue;
            var isFolder = key.Length > before.Length;
            if (isFolder && key[before.Length] != PathKey.Separator) continue;
            yield return new Pair(Math.Min(indexes[i - 1], indexes[i]), Math.Max(indexes[i - 1], indexes[i]), isFolder);
        }
    }
}
