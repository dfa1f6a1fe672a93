using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>
/// <c>POST /api/compatibility</c>: reports whether a version of a package works with a version of a game. For everybody, without an account; one address counts once a day for the same versions, and its last report of the day is the one
/// that counts. Errors: <c>invalid_package_id</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400.
/// </summary>
internal static class SubmitReport
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder compatibility) => compatibility.MapPost("/", HandleAsync).OpenToAnyone().WithName(nameof(SubmitReport))
        .Answers(404, "The first name that is not known: `Unrecognized gameId`, `gameVersionId`, `packageId` or `packageVersion`.", AnswerFormats.JsonType, ReloadedError.Schema);

    private static async Task<Results<Ok<RecordedReports>, ReloadedError>> HandleAsync(
        WireBody<CompatibilityReport> body, Actor actor, Reporters reporters, ReportQueries reports, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var report, out var error)) return (ReloadedError)error;
        error = report.Check();
        if (error is not null) return (ReloadedError)error;
        var (recorded, unknown) = await reports.AddAsync([report], await reporters.IdentifyAsync(actor.Address, stop), stop);
        return unknown is { } found ? found.Error : TypedResults.Ok(new RecordedReports(recorded));
    }
}
