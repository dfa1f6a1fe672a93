using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Frameworks;

internal static class FrameworkErrors
{
    /// <summary>409: this version of the framework is registered with other files.</summary>
    public const string FrameworkExists = "framework_exists";

    public static ApiError NotFound(string id, string version) => ApiError.NotFound("framework", $"{id}@{version}");

    public static ApiError Exists(string id, string version) =>
        ApiError.Conflict(FrameworkExists, $"version: '{id}@{version}' is registered with other files, and versions never change");
}
