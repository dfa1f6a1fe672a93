using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Solder;

/// <summary>A Solder key, without its text.</summary>
/// <param name="Id">Id, for deleting it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="CreatedBy">The administrator's account; null when that is gone.</param>
public sealed record SolderKeySummary(Guid Id, string Name, DateTimeOffset CreatedAt, Guid? CreatedBy);

/// <summary>A page of Solder keys.</summary>
/// <param name="Keys">Newest first.</param>
/// <param name="HasMore">Whether older ones follow.</param>
/// <param name="NextCursor">Leads to them; null without them.</param>
public sealed record SolderKeyPage(IReadOnlyList<SolderKeySummary> Keys, bool HasMore, string? NextCursor);

/// <summary><c>GET /api/v1/admin/solder/keys</c>. Errors, by <c>code</c>: <c>invalid_limit</c>, <c>invalid_offset</c>, <c>invalid_cursor</c> 400.</summary>
internal static class ListSolderKeys
{
    private const string List = "solder keys";

    private const string SelectSql = "SELECT id, name, created_at, created_by FROM solder_keys WHERE id < $1 ORDER BY id DESC LIMIT $2";

    public static void Map(RouteGroupBuilder admin) => admin.MapRead("/solder/keys", HandleAsync).TakesPage(byOffset: false).WithName(nameof(ListSolderKeys));

    internal static async Task<Results<Ok<SolderKeyPage>, ApiError>> HandleAsync(HttpContext context, PageCursors cursors, NpgsqlDataSource db, CancellationToken stop)
    {
        if (!KeysetPage.TryRead(context.Request.Query, cursors, List, Guid.AllBitsSet, out var page, out var error)) return error;
        var rows = await db.ListAsync(SelectSql, Read, stop, page.Before, page.Rows);
        var (hasMore, next) = page.Cut(rows, key => key.Id, cursors, List);
        return TypedResults.Ok(new SolderKeyPage(rows, hasMore, next));
    }

    private static SolderKeySummary Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetNullableValue<Guid>(3));
}
