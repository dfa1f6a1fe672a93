using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.Manifests.Comparing;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>GET /api/v1/packs/{slug}/diff?from=&amp;to=</c>: what an installed version lacks of another. Both never change, and so the answer does not either. Errors: <c>withdrawn</c> 410 when one of them was taken back.</summary>
internal static class DiffVersions
{
    private const string FactsSql = "SELECT version, manifest_sha256, withdrawn_at IS NOT NULL FROM pack_versions WHERE pack_id = $1 AND version = ANY ($2)";

    private const string ManifestSql = "SELECT manifest FROM pack_versions WHERE pack_id = $1 AND version = $2";

    /// <summary>What turns one version's files into another's. Lists are sorted by path, ordinally.</summary>
    /// <param name="From">The version that is there.</param>
    /// <param name="To">The version that is wanted; it may be the older one.</param>
    /// <param name="Added">Files whose path is new.</param>
    /// <param name="Changed">Files whose content or executable mark differs.</param>
    /// <param name="Removed">Paths that are gone. A renamed file is one removed and one added.</param>
    /// <param name="DownloadSizeBytes">Bytes to fetch: each content once, and none that <c>from</c> has under any path.</param>
    public sealed record Response(
        string From, string To, IReadOnlyList<FileEntry> Added, IReadOnlyList<FileEntry> Changed, IReadOnlyList<string> Removed, long DownloadSizeBytes);

    public static void Map(RouteGroupBuilder packs) => packs.MapRead("/{slug}/diff", HandleAsync).WithName(nameof(DiffVersions))
        .TakesQuery("from", "The version that is there.", required: true, code: "invalid_from")
        .TakesQuery("to", "The version that is wanted; it may be the older one.", required: true, code: "invalid_to");

    private static async Task<Results<Ok<Response>, StatusCodeHttpResult, ApiError>> HandleAsync(
        string slug, string? from, string? to, HttpRequest request, Caller caller, PackAccess packs, NpgsqlDataSource db, HttpResponse response, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!SemanticVersion.IsManifestVersion(from)) return ApiError.Invalid("from", SemanticVersion.Rule);
        if (!SemanticVersion.IsManifestVersion(to)) return ApiError.Invalid("to", SemanticVersion.Rule);
        var facts = await db.ListAsync(FactsSql, row => new Facts(row.GetString(0), row.GetString(1), row.GetBoolean(2)), stop, pack.Id, new[] { from, to });
        foreach (var wanted in new[] { from, to })
        {
            var version = facts.Find(version => version.Version == wanted);
            if (version is null) return VersionErrors.NotFound(slug, wanted!);
            if (version.IsWithdrawn) return VersionErrors.Gone(slug, wanted!);
        }

        var tag = Tag(facts.Find(version => version.Version == from)!, facts.Find(version => version.Version == to)!);
        response.Headers.CacheControl = $"{(pack.IsPrivate ? "private" : "public")}, max-age=31536000, immutable";
        response.Headers.ETag = tag.ToString();
        if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var diff = ManifestDiff.Compare(await FilesAsync(db, pack, from!, stop), await FilesAsync(db, pack, to!, stop));
        return TypedResults.Ok(new Response(from!, to!, FileEntry.Of(diff.Added), FileEntry.Of(diff.Changed), diff.Removed, diff.DownloadSizeBytes));
    }

    private static async Task<List<ManifestFile>> FilesAsync(NpgsqlDataSource db, PackFacts pack, string version, CancellationToken stop) =>
        ManifestFiles.Read((await db.ScalarAsync<byte[]>(ManifestSql, stop, pack.Id, version))!);

    /// <summary>Of the two manifests, so that neither has to be read to know it; the prefix changes when the answer's form does.</summary>
    private static EntityTagHeaderValue Tag(Facts from, Facts to) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"diff-1:{from.ManifestSha256}:{to.ManifestSha256}")))}\"");

    private sealed record Facts(string Version, string ManifestSha256, bool IsWithdrawn);
}

/// <summary>A file as manifests write it.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Sha256">Hash of its content, 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record FileEntry(string Path, string Sha256, long Size)
{
    internal static IReadOnlyList<FileEntry> Of(IReadOnlyList<ManifestFile> files) => [.. files.Select(file => new FileEntry(file.Path, file.Sha256, file.SizeBytes))];
}
