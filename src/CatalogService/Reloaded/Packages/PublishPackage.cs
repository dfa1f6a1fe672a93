using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.CatalogService.Reloaded.Translations;
using PackRelay.CatalogService.Validation;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>
/// <c>PUT /api/packages/{packageId}/{version}</c>: publishes a version of a package. Whoever publishes the first owns the id. Versions never change, but for where they can be downloaded; sending the same again
/// changes nothing. A further version is put on hold unless the package's trusted site, the first one that it was on, has it and <c>updateSourceData</c> names every other site that it is on.
/// </summary>
internal static class PublishPackage
{
    internal const int MaxBodyBytes = 8 * 1024 * 1024;

    private const int MaxTomlLength = 256 * 1024;

    private const int MaxLanguageFiles = 200;

    private const int MaxTextLength = 4 * 1024 * 1024;

    /// <summary>
    /// One version. Errors, by <c>code</c>: <c>invalid_package_id</c>, <c>invalid_version</c>, <c>invalid_package_toml</c>, <c>invalid_config_toml</c>, <c>invalid_language_files</c>,
    /// <c>invalid_update_source_data</c>, <c>invalid_download_info</c>, <c>invalid_delta_updates</c>, <c>invalid_translation_of</c>, <c>invalid_language_code</c>, <c>invalid_friendly_name</c>, <c>invalid_format</c>,
    /// <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400; <c>not_owner</c> 403; <c>package_version_exists</c>, <c>package_hash_taken</c>, <c>package_full</c> 409.
    /// </summary>
    /// <param name="PackageToml">Package.toml, 1 to 262144 characters. Its <c>Id</c>, when there is one, is the package's.</param>
    /// <param name="UpdateSourceData">Where the package is published.</param>
    /// <param name="DownloadInfo">1 to 20 files; the first one's site becomes the package's trusted site when this is its first version.</param>
    /// <param name="ConfigToml">Config.toml, at most 262144 characters; null without one.</param>
    /// <param name="LanguageFiles">At most 200, each under a path of its own; all texts together at most 4194304 characters.</param>
    /// <param name="DeltaUpdates">At most 100, each from another version.</param>
    /// <param name="TranslationOf">Id of the package that this one translates; null for others. With <paramref name="LanguageCode"/> and <paramref name="FriendlyName"/>.</param>
    /// <param name="LanguageCode">The language: <c>de</c>, <c>de-DE</c>, or a style and a language such as <c>uwu-en</c>.</param>
    /// <param name="FriendlyName">The language's name for people; 1 to 200 characters.</param>
    public sealed record Request(
        string PackageToml, UpdateSourceData UpdateSourceData, IReadOnlyList<DownloadInfo> DownloadInfo, string? ConfigToml = null, IReadOnlyList<LanguageFile>? LanguageFiles = null,
        IReadOnlyList<DeltaUpdate>? DeltaUpdates = null, string? TranslationOf = null, string? LanguageCode = null, string? FriendlyName = null);

    public static RouteHandlerBuilder Map(RouteGroupBuilder packages) => packages.MapPut("/{packageId}/{version}", HandleAsync)
        .WithMetadata(new DisableRequestSizeLimitAttribute()) // its own limit is checked while reading
        .WithName(nameof(PublishPackage));

    private static async Task<Results<Ok<PackageVersionPage>, Created<PackageVersionPage>, ReloadedError>> HandleAsync(
        string packageId, string version, WireBody<Request> body, Actor actor, NewPackageVersions versions, HttpResponse response, CancellationToken stop)
    {
        var error = PackageRequests.CheckId(packageId)
            ?? Fields.Check("version", PackageVersion.TryParse(version, out var parsed) && parsed.MayBePublished, PackageVersion.Rule)
            ?? await versions.RefusalAsync(packageId, actor.Caller, stop);
        if (error is not null) return (ReloadedError)error;
        var read = await body.ReadAsync(stop, MaxBodyBytes);
        if (!read.TryGet(out var request, out error)) return (ReloadedError)error;
        var toml = PackageToml.Read(request.PackageToml);
        error = Check(packageId, request, toml);
        if (error is not null) return (ReloadedError)error;

        var (outcome, refusal) = await versions.AddAsync(packageId, version, request, toml, actor, stop);
        if (refusal is not null) return (ReloadedError)refusal;
        if (!outcome!.IsNew) return TypedResults.Ok(outcome.Page);
        response.Headers.Location = $"/api/packages/{Uri.EscapeDataString(packageId)}/{Uri.EscapeDataString(version)}";
        return TypedResults.Created((string?)null, outcome.Page);
    }

    private static ApiError? Check(string packageId, Request request, PackageToml toml) =>
        Fields.Check("packageToml", request.PackageToml.Length is >= 1 and <= MaxTomlLength, $"1 to {MaxTomlLength} characters")
        ?? Fields.Check("packageToml", toml.Id is null || toml.Id == packageId, $"its Id is '{toml.Id}', not '{packageId}'")
        ?? Fields.Check("configToml", request.ConfigToml is null or { Length: <= MaxTomlLength }, $"at most {MaxTomlLength} characters")
        ?? CheckLanguages(request.LanguageFiles ?? [])
        ?? DownloadSites.Check(request.UpdateSourceData)
        ?? DownloadSites.Check("downloadInfo", request.DownloadInfo)
        ?? DownloadSites.Check("deltaUpdates", request.DeltaUpdates ?? [])
        ?? TranslationRules.Check(packageId, request);

    private static ApiError? CheckLanguages(IReadOnlyList<LanguageFile> files)
    {
        if (files.Count > MaxLanguageFiles) return ApiError.Invalid("languageFiles", $"at most {MaxLanguageFiles}");
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] is not { } file) return ApiError.Invalid("languageFiles", $"the file at {i} must be an object");
            if (ManifestPaths.Check(file.Path, schemaVersion: 3) is { } reason) return ApiError.Invalid("languageFiles", $"the path at {i} {reason}");
            if (!file.Path.EndsWith(".toml", StringComparison.Ordinal)) return ApiError.Invalid("languageFiles", $"the path at {i} must end in .toml");
            if (file.Data.Length > MaxTomlLength) return ApiError.Invalid("languageFiles", $"the data at {i} must have at most {MaxTomlLength} characters");
        }

        return Fields.Check("languageFiles", !PathTwins.Find([.. files.Select(file => file.Path)]).Any(), "each path once, whatever its case, and no file where a folder is")
            ?? Fields.Check("languageFiles", files.Sum(file => (long)file.Data.Length) <= MaxTextLength, $"all together at most {MaxTextLength} characters");
    }
}
