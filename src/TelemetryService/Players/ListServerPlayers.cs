using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Players;

/// <summary><c>GET /api/v1/servers/{slug}/players</c>: who plays, if the server's owner shows it (<c>showPlayers</c> of the server). Public.</summary>
internal static class ListServerPlayers
{
    public static void Map(RouteGroupBuilder servers) => servers.MapRead("/{slug}/players", HandleAsync).WithName(nameof(ListServerPlayers));

    private static async Task<Results<Ok<ServerPlayers>, ApiError>> HandleAsync(string slug, ServerDirectory directory, PlayerNames names, HttpResponse response, CancellationToken stop)
    {
        if (await directory.FindAsync(slug, stop) is not { } server) return ApiError.NotFound(ServersFeature.ServerNotFound, "server", slug);
        response.Headers.CacheControl = "no-store"; // an owner who hides the names again hides them now
        if (!server.ShowPlayers) return TypedResults.Ok(new ServerPlayers(slug, Players: null));
        try
        {
            return TypedResults.Ok(new ServerPlayers(slug, await names.FindAsync(server.Id, stop)));
        }
        catch (RedisUnavailableException)
        {
            return ApiError.Unavailable("the live state of servers");
        }
    }
}

/// <summary>Who plays on a server. Errors, by <c>code</c>: <c>server_not_found</c> 404.</summary>
/// <param name="Slug">The server.</param>
/// <param name="Players">Names as the last heartbeat gave them, at most 500; null while the owner does not show them, or no recent heartbeat named them.</param>
public sealed record ServerPlayers(string Slug, IReadOnlyList<string>? Players);
