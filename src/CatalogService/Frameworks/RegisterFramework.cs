using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PackRelay.CatalogService.Validation;
using PackRelay.CatalogService.Versions;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Frameworks;

/// <summary><c>PUT /api/v1/frameworks/{id}/{version}</c>: registers a version of a mod framework, whose files were uploaded before. Sending the same again changes nothing.</summary>
internal static class RegisterFramework
{
    private const int MaxFiles = 20_000;

    private const int MaxBodyBytes = 8 * 1024 * 1024;

    private const int MaxDetails = 100;

    /// <summary>
    /// The files of the version. Errors, by <c>code</c>: <c>invalid_id</c>, <c>invalid_version</c>, <c>invalid_files</c> (with <c>details</c>) 400; <c>framework_exists</c> 409;
    /// <c>missing_files</c>, <c>scan_rejected</c> 422, which say by <c>missing</c> and <c>details</c> which files.
    /// </summary>
    /// <param name="Files">1 to 20,000, each with a path of its own after the rules of manifests of schema version 3.</param>
    public sealed record Request(IReadOnlyList<FileEntry> Files);

    public static RouteHandlerBuilder Map(RouteGroupBuilder frameworks) => frameworks
        .MapPut("/{id}/{version}", HandleAsync)
        .WithMetadata(new DisableRequestSizeLimitAttribute()) // the list's own limit is checked while reading
        .WithName(nameof(RegisterFramework));

    private static async Task<Results<Created<Framework>, Ok<Framework>, ApiError>> HandleAsync(
        string id, string version, JsonBody<Request> body, FrameworkQueries frameworks, CancellationToken stop)
    {
        var error = Fields.Check("id", FrameworkName.IsId(id), FrameworkName.IdRule) ?? Fields.Check("version", FrameworkName.IsVersion(version), FrameworkName.VersionRule);
        if (error is not null) return error;
        var read = await body.ReadAsync(stop, MaxBodyBytes);
        if (!read.TryGet(out var request, out error)) return error;
        error = Check(request.Files);
        if (error is not null) return error;

        var framework = new Framework(id, version, [.. request.Files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
        var known = await frameworks.FilesAsync(id, version, stop);
        if (known.Count == 0)
        {
            var (isAdded, refusal) = await frameworks.AddAsync(framework, stop);
            if (refusal is not null) return refusal;
            if (isAdded) return TypedResults.Created($"/api/v1/frameworks/{Uri.EscapeDataString(id)}/{Uri.EscapeDataString(version)}", framework);
            known = await frameworks.FilesAsync(id, version, stop); // somebody else was faster by a moment
        }

        var isSame = known.ToHashSet().SetEquals(framework.Files); // whatever order the database sorts in
        return isSame ? TypedResults.Ok(framework) : FrameworkErrors.Exists(id, version);
    }

    private static ApiError? Check(IReadOnlyList<FileEntry> files)
    {
        if (files.Count is 0 or > MaxFiles) return ApiError.Invalid("files", $"1 to {MaxFiles} files");
        var problems = new List<ErrorDetail>();
        for (var i = 0; i < files.Count && problems.Count < MaxDetails; i++)
        {
            if (files[i] is null) problems.Add(new($"files[{i}]", "must be an object"));
            else if (ManifestPaths.Check(files[i].Path, schemaVersion: 3) is { } reason) problems.Add(new($"files[{i}].path", reason));
            else if (!Sha256Hex.IsValid(files[i].Sha256)) problems.Add(new($"files[{i}].sha256", Sha256Hex.Rule));
            else if (files[i].Size < 0) problems.Add(new($"files[{i}].size", "must be a whole number of 0 or more"));
        }

        if (problems.Count == 0)
            problems.AddRange(PathTwins.Find([.. files.Select(file => file.Path)]).Select(twins => new ErrorDetail($"files[{twins.Second}].path", $"is the same file, or folder, as files[{twins.First}].path")));
        return problems.Count == 0 ? null : new ApiError(StatusCodes.Status400BadRequest, "invalid_files", $"{problems[0].Path} {problems[0].Message}") { Details = [.. problems.Take(MaxDetails)] };
    }
}
