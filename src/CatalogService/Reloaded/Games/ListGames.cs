using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Reloaded.Games;

/// <summary><c>GET /api/games</c>: the games that packages are for, by id. Errors: <c>invalid_format</c> 400.</summary>
internal static class ListGames
{
    /// <summary>One page of games.</summary>
    /// <param name="Games">The games.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<ReloadedGame> Games,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    private const string Columns = """
        g.spelling, g.name, g.steam_grid_db_id,
        ARRAY(SELECT v.version_id FROM reloaded_game_versions v WHERE v.game_id = g.id ORDER BY v.version_id),
        ARRAY(SELECT v.friendly_name FROM reloaded_game_versions v WHERE v.game_id = g.id ORDER BY v.version_id)
        """;

    private static readonly SortOrder ById = new("id", Descending: false, new SortKey("g.id", "text"));

    public static void Map(RouteGroupBuilder games) => games.MapRead("/", HandleAsync).WithName(nameof(ListGames)).TakesPage();

    private static async Task<Results<Ok<Response>, ReloadedError>> HandleAsync(HttpRequest request, PageReader pages, CancellationToken stop)
    {
        var read = await pages.ReadAsync(
            request, PageCursors.ListOf("reloaded games"), ById, sql => sql.AddConstant(Columns), sql => sql.AddConstant("FROM reloaded_games g WHERE true"), Read, stop);
        return read.TryGet(out var page, out var error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : (ReloadedError)error;
    }

    private static ReloadedGame Read(NpgsqlDataReader row)
    {
        var names = row.GetFieldValue<string[]>(4);
        var versions = row.GetFieldValue<long[]>(3).Select((id, i) => new GameVersion((uint)id, names[i])).ToArray();
        return new ReloadedGame(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : (uint)row.GetInt64(2), versions);
    }
}
