using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>
/// How the files of a version may change after it was published. A file is never replaced, only marked as deleted on its site; one that comes back, under its own number or another one, must be the same file as
/// the version had on that site.
/// </summary>
internal static class DownloadChanges
{
    /// <summary>The files with the changes made; null and an error when a change is not allowed.</summary>
    public static (List<DownloadInfo>? Files, ApiError? Error) Apply(IReadOnlyList<DownloadInfo> files, IReadOnlyList<DownloadInfo> changes)
    {
        var result = files.ToList();
        foreach (var change in changes)
        {
            var known = result.FindIndex(file => file.Key == change.Key);
            var ofSite = known >= 0 ? [result[known]] : result.Where(file => file.Type == change.Type).ToArray();
            if (ofSite.Length > 0 && !Array.Exists(ofSite, file => file.Xxhash3 == change.Xxhash3 && file.FileSize == change.FileSize))
                return (null, ApiError.Conflict(ReloadedErrors.FileChanged, $"downloadInfo: the file on {change.Type} is not the one that the version had there; publish another version"));
            if (known >= 0) result[known] = result[known] with { WasDeleted = change.WasDeleted };
            else result.Add(change);
        }

        return (result, null);
    }

    /// <summary>The same for deltas, by the version that they start from.</summary>
    public static (List<DeltaUpdate>? Deltas, ApiError? Error) Apply(IReadOnlyList<DeltaUpdate> deltas, IReadOnlyList<DeltaUpdate> changes)
    {
        var result = deltas.ToList();
        foreach (var change in changes)
        {
            var known = result.FindIndex(delta => delta.FromVersion == change.FromVersion);
            if (known < 0)
            {
                result.Add(change);
                continue;
            }

            var (files, error) = Apply(result[known].DownloadInfo, change.DownloadInfo);
            if (files is null) return (null, error);
            result[known] = result[known] with { DownloadInfo = files };
        }

        return (result, null);
    }
}
