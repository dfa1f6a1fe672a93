using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.CatalogService.Reloaded.StaticFiles;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Games;

/// <summary><c>PUT /api/games/{gameId}</c>: what the hub knows of a game, in the place of what it knew before. Reports of a version that is left out are kept, and shown again when it comes back.</summary>
internal static class PutGame
{
    private const int MaxVersions = 1_000;

    private const string PutSql = """
        INSERT INTO reloaded_games AS g (id, spelling, name, steam_grid_db_id, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET spelling = EXCLUDED.spelling, name = EXCLUDED.name, steam_grid_db_id = EXCLUDED.steam_grid_db_id, updated_at = EXCLUDED.updated_at
        RETURNING (xmax::text = '0')
        """;

    private const string VersionsSql = """
        WITH gone AS (DELETE FROM reloaded_game_versions WHERE game_id = $1 AND version_id <> ALL ($2))
        INSERT INTO reloaded_game_versions (game_id, version_id, friendly_name) SELECT $1, version_id, friendly_name FROM unnest($2, $3) AS v (version_id, friendly_name) ORDER BY version_id
        ON CONFLICT (game_id, version_id) DO UPDATE SET friendly_name = EXCLUDED.friendly_name
        """;

    /// <summary>A game as the community repository has it. Errors: <c>invalid_game_id</c>, <c>invalid_name</c>, <c>invalid_versions</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400.</summary>
    /// <param name="Name">1 to 200 characters on one line.</param>
    /// <param name="Versions">At most 1,000, each number once.</param>
    /// <param name="SteamGridDbGameId">The game's number at SteamGridDB; null without one.</param>
    public sealed record Request(string Name, IReadOnlyList<GameVersion> Versions, uint? SteamGridDbGameId = null);

    public static RouteHandlerBuilder Map(RouteGroupBuilder games) => games.MapPut("/{gameId}", HandleAsync).WithName(nameof(PutGame));

    private static async Task<Results<Ok<ReloadedGame>, Created<ReloadedGame>, ReloadedError>> HandleAsync(
        string gameId, WireBody<Request> body, NpgsqlDataSource db, IOptions<ReloadedOptions> options, TimeProvider clock, CancellationToken stop)
    {
        var error = Fields.Check("gameId", GameKey.IsValid(gameId), GameKey.Rule);
        if (error is not null) return (ReloadedError)error;
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out error)) return (ReloadedError)error;
        error = Fields.Name("name", request.Name) ?? Check(request.Versions);
        if (error is not null) return (ReloadedError)error;

        var versions = request.Versions.OrderBy(version => version.Id).ToArray();
        var isNew = await db.InTransactionAsync(
            async connection =>
            {
                var isNew = await connection.ScalarAsync<bool>(PutSql, stop, GameKey.Of(gameId), gameId, request.Name, (long?)request.SteamGridDbGameId, clock.GetUtcNow());
                await connection.ExecuteAsync(
                    VersionsSql, stop, GameKey.Of(gameId), versions.Select(version => (long)version.Id).ToArray(), versions.Select(version => version.FriendlyName).ToArray());
                if (!isNew) await StaticDue.GameChangedAsync(connection, clock.GetUtcNow() + options.Value.StaticReportsInterval, stop); // of a new one there are no reports
                return isNew;
            },
            stop);
        var game = new ReloadedGame(gameId, request.Name, request.SteamGridDbGameId, versions);
        return isNew ? TypedResults.Created((string?)null, game) : TypedResults.Ok(game);
    }

    private static ApiError? Check(IReadOnlyList<GameVersion> versions)
    {
        if (versions.Count > MaxVersions) return ApiError.Invalid("versions", $"at most {MaxVersions}");
        foreach (var version in versions)
        {
            if (version is null) return ApiError.Invalid("versions", "each an object, not null");
            if (Fields.Name("versions.friendlyName", version.FriendlyName) is not null) return ApiError.Invalid("versions", $"each friendlyName 1 to {Fields.MaxNameLength} characters on one line");
        }

        return Fields.Check("versions", versions.Select(version => version.Id).Distinct().Count() == versions.Count, "each id once");
    }
}

/// <summary>A game that packages are for.</summary>
/// <param name="GameId">Its id; found in whatever case.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="SteamGridDbGameId">Its number at SteamGridDB; null without one.</param>
/// <param name="Versions">Its versions, by number.</param>
public sealed record ReloadedGame(string GameId, string Name, uint? SteamGridDbGameId, IReadOnlyList<GameVersion> Versions);

/// <summary>A version of a game.</summary>
/// <param name="Id">Its number, 0 to 4294967295; it never means another version.</param>
/// <param name="FriendlyName">Its name for people; 1 to 200 characters.</param>
public sealed record GameVersion(uint Id, string FriendlyName);
