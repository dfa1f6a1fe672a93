using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>PATCH /api/v1/packs/{slug}/versions/{version}</c>: the changelog, which is not signed and so may change.</summary>
internal static class EditVersion
{
    private const int MaxChangelogLength = 20_000;

    private const string SetSql = "UPDATE pack_versions SET changelog = $3 WHERE pack_id = $1 AND version = $2";

    private const string ExistsSql = "SELECT true FROM pack_versions WHERE pack_id = $1 AND version = $2";

    /// <summary>What may change of a version. Errors: <c>invalid_changelog</c> 400.</summary>
    /// <param name="Changelog">Markdown, at most 20,000 characters; null clears it, absent leaves it.</param>
    public sealed record Request(PatchField<string?> Changelog = default);

    public static RouteHandlerBuilder Map(RouteGroupBuilder versions) => versions.MapPatch("/{version}", HandleAsync).WithName(nameof(EditVersion));

    private static async Task<Results<Ok<GetVersion.Response>, ApiError>> HandleAsync(
        string slug, string version, JsonBody<Request> body, Caller caller, PackAccess packs, VersionPages pages, NpgsqlDataSource db, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, PackRight.Changelog, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!await db.ScalarAsync<bool>(ExistsSql, stop, pack.Id, version)) return VersionErrors.NotFound(slug, version);
        var read = await body.ReadAsync(stop, limitBytes: 256 * 1024); // a long text in escapes
        if (!read.TryGet(out var request, out error)) return error;
        error = Fields.Check("changelog", request.Changelog.Value is null or { Length: <= MaxChangelogLength }, $"at most {MaxChangelogLength} characters");
        if (error is not null) return error;
        if (request.Changelog.IsSet) await db.ExecuteAsync(SetSql, stop, pack.Id, version, request.Changelog.Value);
        return TypedResults.Ok(await pages.FindAsync(pack, version, stop));
    }
}
