using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>
/// <c>POST /api/compatibility/batch</c>: up to 500 reports, all of them or none. All that can be said of the body by itself is said first (400); of what is unknown the first report decides (404), in the order game, version of the
/// game, package, version of the package, and <c>index</c> says which. Errors: <c>invalid_batch</c>, <c>invalid_package_id</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400.
/// </summary>
internal static class SubmitReports
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder compatibility) => compatibility.MapPost("/batch", HandleAsync).OpenToAnyone().WithName(nameof(SubmitReports))
        .Answers(404, "The first name that is not known: `Unrecognized gameId`, `gameVersionId`, `packageId` or `packageVersion`.", AnswerFormats.JsonType, ReloadedError.Schema);

    private static async Task<Results<Ok<RecordedReports>, ReloadedError>> HandleAsync(
        BatchBody<CompatibilityReport> body, Actor actor, Reporters reporters, ReportQueries reports, CancellationToken stop)
    {
        var read = await body.ReadAsync(report => report.Check(), stop);
        if (!read.TryGet(out var items, out var error)) return error;
        var (recorded, unknown) = await reports.AddAsync(items, await reporters.IdentifyAsync(actor.Address, stop), stop);
        return unknown is { } found ? found.Error.At(found.Index) : TypedResults.Ok(new RecordedReports(recorded));
    }
}
