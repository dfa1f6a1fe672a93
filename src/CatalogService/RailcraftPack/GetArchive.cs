using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Downloads.Counting;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Files;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>
/// <c>POST /api/get_file/</c>: the archive of an id that <c>get_download_url</c> gave, with ranges. What is not asked for from its middle counts as a download of the pack, and every byte is charged to the egress of the pack's owner. A
/// failure is plain text, with the status 4xx or 503: errors 2, 3, 4, 5, 7, 12, 6, 9 when the id is missing or no number, <c>File not found</c>, and 8 when an archive that had been removed cannot be made again in time.
/// </summary>
internal static class GetArchive
{
    private const string FileNotFound = "File not found";

    public static void Map(IEndpointRouteBuilder app)
    {
        var options = app.ServiceProvider.GetRequiredService<IOptions<RailcraftOptions>>();
        app.MapRailcraftPost(
            HandleAsync,
            error => error.AsText(options.Value.FileErrorsAsOk ? StatusCodes.Status200OK : StatusOf(error)),
            post => post.WithName(nameof(GetArchive))
                .TakesBody("application/x-www-form-urlencoded", "`client_id`, `client_secret`, `token` and `id`; multipart forms, JSON and the query string do as well.")
                .Answers(200, "The zip.", "application/zip", headers: ["Accept-Ranges"])
                .Answers(206, "The part that `Range` asks for.", "application/zip", headers: ["Accept-Ranges", "Content-Range", "ETag"])
                .Answers(400, "Errors 3, 4, 7 and 9: the text of the error.", "text/plain")
                .Answers(403, "Errors 5, 6 and 12: the text of the error.", "text/plain")
                .Answers(404, "`File not found`: no archive of this id is for this client.", "text/plain")
                .Answers(416, "The part that `Range` asks for is not there.", "text/plain")
                .Answers(429, "Error 5: too many secrets were tried.", "text/plain")
                .Answers(503, "Errors 1, 8 and 10: the text of the error.", "text/plain"),
            "get_file");
    }

    private static async Task<IResult> HandleAsync(
        RailcraftFields fields, HttpContext context, IdentityClients clients, ArchiveQueries archives, ArchiveWait wait, IBlobStore blobs, DownloadCounter counter, EgressMeter egress,
        IOptions<RailcraftOptions> options, CancellationToken stop)
    {
        if (!(await clients.FindAsync(fields, context, stop)).TryGet(out var client, out var error)) return error;
        if (fields.Number("id") is not { } id) return RailcraftError.IdRequired();
        if (await archives.FetchAsync(id, client, stop) is not { } found) return NotFound(options.Value);
        if (await egress.CheckAsync(found.OwnerId, stop) is not null) return RailcraftError.Internal();
        await archives.UseAsync(id, stop);
        if (found.Archive.Sha256 is null) await archives.WakeAsync(id, stop); // it was removed after a time without use
        if (await wait.ForAsync(found.Archive, stop) is not { Sha256: { } sha256 }) return RailcraftError.Internal();
        if (await blobs.OpenAsync(sha256, stop) is not { } content) return RailcraftError.Internal();
        if (IsFromStart(context.Request)) await counter.CountAsync(found.PackId, stop);
        egress.AddWhenAnswered(found.OwnerId, context.Response);
        context.Request.Method = HttpMethods.Get; // the framework gives parts of files to GET alone
        return new RangedContent(content, "application/zip", sha256, found.FileName, cacheControl: "no-store", refusal: Text("Range not satisfiable", StatusCodes.Status416RangeNotSatisfiable, options.Value));
    }

    /// <summary>A download in parts is one download: its first part counts.</summary>
    private static bool IsFromStart(HttpRequest request) => request.GetTypedHeaders().Range is not { } range || range.Ranges.Any(part => part.From is 0);

    private static int StatusOf(RailcraftError error) => error.Number switch
    {
        2 => StatusCodes.Status405MethodNotAllowed,
        5 or 6 or 12 => StatusCodes.Status403Forbidden,
        1 or 8 or 10 => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static ContentHttpResult NotFound(RailcraftOptions options) => Text(FileNotFound, StatusCodes.Status404NotFound, options);

    private static ContentHttpResult Text(string text, int status, RailcraftOptions options) =>
        TypedResults.Text(text, "text/plain", System.Text.Encoding.UTF8, options.FileErrorsAsOk ? StatusCodes.Status200OK : status);
}
