using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>POST /api/v1/packs/{slug}/versions</c>: the body is one signed manifest, whose files were uploaded before. Errors, by <c>code</c>:
/// <c>manifest_shape</c>, <c>slug_mismatch</c> 400; <c>key_not_yours</c> 403; <c>duplicate_version</c> 409, also for the same bytes; <c>unknown_key</c>, <c>key_revoked</c>, <c>invalid_signature</c>, <c>missing_files</c>, <c>scan_rejected</c> 422.</summary>
internal static class PublishVersion
{
    /// <summary>A published version.</summary>
    /// <param name="Slug">The pack's slug.</param>
    /// <param name="Version">The version, as signed.</param>
    /// <param name="PublishedAt">The manifest's own time stamp, character for character as signed.</param>
    /// <param name="ManifestUrl">Where its manifest is served, byte for byte as it was sent, for ever.</param>
    /// <param name="Status"><c>published</c>; or <c>scanning</c> when files have not been looked at yet: then it will be published, or rejected, within seconds.</param>
    public sealed record Response(string Slug, string Version, string PublishedAt, string ManifestUrl, string Status);

    public static RouteHandlerBuilder Map(RouteGroupBuilder versions) => versions
        .MapPost("/", HandleAsync)
        .TakesBody("application/json", "A signed manifest; docs/MANIFEST.md has its rules.", "Manifest")
        .WithMetadata(new DisableRequestSizeLimitAttribute()) // the manifest's own limit is checked while reading
        .WithName(nameof(PublishVersion));

    private static async Task<Results<Created<Response>, ApiError>> HandleAsync(
        string slug, HttpRequest request, Actor actor, PackAccess packs, ManifestIntake intake, PublishChecks checks, NewVersions versions, HeldVersions held, IOptions<HubOptions> hub,
        CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Publish, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!request.HasJsonBody()) return JsonContentType.Unsupported();
        var body = await RequestBytes.ReadAsync(request, intake.Limits.MaxManifestBytes, stop);
        if (body is null) return ApiError.TooLarge(intake.Limits.MaxManifestBytes);

        var read = intake.Read(body, pack);
        if (!read.TryGet(out var manifest, out error)) return error;
        var files = await checks.RunAsync(manifest, pack, body, actor.Caller, stop);
        if (files.Refusal is { } refusal)
        {
            if (refusal.Code == VersionErrors.ScanRejected) await held.HoldAsync(pack, manifest, body, actor, refusal.Details![0].Message, stop);
            return refusal;
        }

        // Someone else may have been faster by a moment.
        error = !files.IsUndecided ? await versions.AddAsync(pack, manifest, body, actor, files.Generation, stop)
            : await held.HoldAsync(pack, manifest, body, actor, reason: null, stop) ? null : VersionErrors.Duplicate(slug, manifest.Version);
        if (error is not null) return error;
        var path = $"/api/v1/packs/{slug}/manifest/{manifest.Version}";
        return TypedResults.Created(path, new Response(slug, manifest.Version, manifest.PublishedAt, hub.Value.Link(path), files.IsUndecided ? "scanning" : "published"));
    }
}
