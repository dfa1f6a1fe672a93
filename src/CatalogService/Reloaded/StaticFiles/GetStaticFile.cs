using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>
/// <c>GET /static/reloaded/{path}</c>: files of MessagePack compressed with Zstandard, for a CDN to keep: <c>download-info/aa/bb/{hash}.msgpack.zstd</c>, <c>package-metadata/…</c> and <c>translations/…</c> likewise,
/// <c>compatibility-reports/aa.msgpack.zstd</c> and <c>search/{prefix}.msgpack.zstd</c>. They are some seconds old, those of reports up to a day.
/// </summary>
internal static class GetStaticFile
{
    private const int MaxPathLength = 400; // the longest there is has a prefix of 255 letters

    internal const string FindSql = "SELECT sha256, written_at FROM reloaded_static_files WHERE path = $1";

    public static void Map(RouteGroupBuilder files) => files.MapRead("/{**path}", HandleAsync).WithName(nameof(GetStaticFile))
        .Answers(200, "The file, which is itself compressed.", "application/zstd", headers: ["ETag"])
        .Answers(206, "The part that `Range` asks for.", "application/zstd", headers: ["ETag", "Content-Range"]);

    private static async Task<Results<FileStreamHttpResult, ApiError>> HandleAsync(string? path, NpgsqlDataSource db, IBlobStore blobs, HttpResponse response, CancellationToken stop)
    {
        var isPath = path is { Length: > 0 and <= MaxPathLength } && !path.Contains('\0', StringComparison.Ordinal);
        var found = isPath ? await OpenAsync(path!, db, blobs, stop) ?? await OpenAsync(path!, db, blobs, stop) : null; // the second time when the file was replaced, and collected, in between
        if (found is not var (content, hash, writtenAt)) return ApiError.NotFound("static file", path ?? "");
        response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Stream(content, "application/zstd", lastModified: writtenAt, entityTag: new EntityTagHeaderValue($"\"{hash}\""), enableRangeProcessing: true);
    }

    private static async Task<(Stream Content, string Hash, DateTimeOffset WrittenAt)?> OpenAsync(string path, NpgsqlDataSource db, IBlobStore blobs, CancellationToken stop)
    {
        var (sha256, writtenAt) = await db.FirstAsync(FindSql, row => (row.GetFieldValue<byte[]>(0), row.GetFieldValue<DateTimeOffset>(1)), stop, path);
        if (sha256 is null) return null;
        var hash = Convert.ToHexStringLower(sha256);
        return await blobs.OpenAsync(hash, stop) is { } content ? (content, hash, writtenAt) : null;
    }
}
