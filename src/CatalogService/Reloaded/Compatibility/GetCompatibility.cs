using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Lists;
using PackRelay.CatalogService.Reloaded.Games;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>
/// <c>GET /api/compatibility</c>: how many found that a version of a package works with a version of a game. With all four parameters it is one object, with zeros when nobody reported yet; with some of them it is a list of what there are
/// reports of, the newest version first, at most 1,000. Errors: <c>invalid_package_id</c>, <c>invalid_game_version_id</c>, <c>invalid_format</c> 400.
/// </summary>
internal static class GetCompatibility
{
    private const int MaxRows = 1_000;

    internal const string KnownSql = """
        SELECT $1::text IS NULL OR EXISTS (SELECT FROM reloaded_games WHERE id = $1),
               $2::bigint IS NULL OR ($1 IS NOT NULL AND EXISTS (SELECT FROM reloaded_game_versions WHERE game_id = $1 AND version_id = $2))
                                  OR ($1 IS NULL AND EXISTS (SELECT FROM reloaded_game_versions WHERE version_id = $2)),
               EXISTS (SELECT FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = $3 AND v.held_since IS NULL),
               $4::text IS NULL OR EXISTS (SELECT FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position WHERE p.id = $3 AND v.version = $4 AND v.held_since IS NULL),
               (SELECT spelling FROM reloaded_games WHERE id = $1)
        """;

    public static void Map(RouteGroupBuilder compatibility) => compatibility.MapRead("/", HandleAsync).WithName(nameof(GetCompatibility))
        .TakesQuery("packageId", "The package.", required: true, code: "invalid_package_id")
        .TakesQuery("packageVersion", "Its version; all when it is absent.")
        .TakesQuery("gameId", "The game, in whatever case; all when it is absent.")
        .TakesQuery("gameVersionId", "The game's version; all when it is absent.", new { type = "integer", minimum = 0, maximum = uint.MaxValue }, code: "invalid_game_version_id")
        .Answers(200, "One object with all four parameters, else a list.", AnswerFormats.JsonType, "CompatibilityCounts|CompatibilityCounts[]")
        .Answers(404, "What is not known, as in reports.", AnswerFormats.JsonType, ReloadedError.Schema);

    private static async Task<Results<Ok<CompatibilityCounts>, Ok<List<CompatibilityCounts>>, ReloadedError>> HandleAsync(HttpRequest request, NpgsqlDataSource db, CancellationToken stop)
    {
        if (Read(request.Query) is not { } asked) return (ReloadedError)ApiError.Invalid("gameVersionId", $"a whole number from 0 to {uint.MaxValue}");
        if (PackageRequests.CheckId(asked.PackageId) is { } error) return (ReloadedError)error;
        var (unknown, spelling) = await db.FirstAsync(
            KnownSql, row => (UnknownName.First(row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3)), row.GetNullable<string>(4)), stop,
            asked.GameId, asked.GameVersionId, asked.PackageId, asked.PackageVersion);
        if (unknown is not null) return unknown;

        var sql = Statement(asked);
        var found = await db.ListAsync(
            sql.ToString(), row => new CompatibilityCounts(row.GetString(0), row.GetString(1), row.GetString(2), (uint)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)), stop, sql.Parameters);
        if (asked is not { PackageVersion: { } version, GameId: not null, GameVersionId: { } gameVersion }) return TypedResults.Ok(found);
        return TypedResults.Ok(found.Count > 0 ? found[0] : new CompatibilityCounts(asked.PackageId, version, spelling!, (uint)gameVersion, 0, 0));
    }

    /// <summary>What is not asked for is not filtered by: each combination has its index.</summary>
    internal static SqlText Statement(Asked asked)
    {
        var sql = new SqlText().Add($"""
            SELECT p.id, v.version, g.spelling, c.game_version_id, c.success_count, c.failure_count
              FROM reloaded_packages p JOIN reloaded_versions v ON v.package = p.position JOIN reloaded_compatibility c ON c.version_id = v.id
              JOIN reloaded_game_versions gv ON gv.game_id = c.game_id AND gv.version_id = c.game_version_id JOIN reloaded_games g ON g.id = gv.game_id
             WHERE p.id = {asked.PackageId} AND v.held_since IS NULL
            """);
        if (asked.PackageVersion is not null) sql.Add($"AND v.version = {asked.PackageVersion}");
        if (asked.GameId is not null) sql.Add($"AND c.game_id = {asked.GameId}");
        if (asked.GameVersionId is not null) sql.Add($"AND c.game_version_id = {asked.GameVersionId}");
        return sql.Add($"ORDER BY v.id DESC, c.game_id, c.game_version_id LIMIT {MaxRows}");
    }

    private static Asked? Read(IQueryCollection query)
    {
        uint number = 0;
        var version = query["gameVersionId"];
        if (version.Count > 0 && !(version.Count == 1 && uint.TryParse(version[0], NumberStyles.None, CultureInfo.InvariantCulture, out number))) return null;
        return new Asked(
            query["packageId"] is [{ } package] ? package : "", Text(query, "packageVersion"), Text(query, "gameId") is { } game ? GameKey.Of(game) : null, version.Count > 0 ? number : null);
    }

    /// <summary>No name of the database holds U+0000: such a text is as unknown as an empty one.</summary>
    private static string? Text(IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [{ } text] when !text.Contains('\0', StringComparison.Ordinal) => text,
        _ => "",
    };

    internal sealed record Asked(string PackageId, string? PackageVersion, string? GameId, long? GameVersionId);
}

/// <summary>What players found.</summary>
/// <param name="PackageId">The package.</param>
/// <param name="PackageVersion">Its version.</param>
/// <param name="GameId">The game, as the hub spells it.</param>
/// <param name="GameVersionId">Its version.</param>
/// <param name="SuccessCount">Reports that it works.</param>
/// <param name="FailureCount">Reports that it does not.</param>
public sealed record CompatibilityCounts(string PackageId, string PackageVersion, string GameId, uint GameVersionId, long SuccessCount, long FailureCount);
