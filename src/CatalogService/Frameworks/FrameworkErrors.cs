using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Frameworks;

internal static class FrameworkErrors
{
    private const int MaxDetails = 100;

    /// <summary>409: this version of the framework is registered with other files.</summary>
    public const string FrameworkExists = "framework_exists";

    public static ApiError NotFound(string id, string version) => ApiError.NotFound("framework", $"{id}@{version}");

    public static ApiError Missing(IReadOnlyList<string> missing) =>
        new(StatusCodes.Status422UnprocessableEntity, VersionErrors.MissingFiles, $"files: not uploaded, or of another size: {missing.Count}") { Missing = missing };

    /// <summary>422 <c>scan_rejected</c>, with the paths of the files.</summary>
    public static ApiError Rejected(IReadOnlyList<FileEntry> files, IReadOnlyDictionary<string, string> refused) =>
        new(StatusCodes.Status422UnprocessableEntity, VersionErrors.ScanRejected, "the framework holds files that are not allowed")
        {
            Details = [.. files.Where(file => refused.ContainsKey(file.Sha256)).Take(MaxDetails).Select(file => new ErrorDetail(file.Path, refused[file.Sha256]))],
        };

    public static ApiError Exists(string id, string version) =>
        ApiError.Conflict(FrameworkExists, $"version: '{id}@{version}' is registered with other files, and versions never change");
}
