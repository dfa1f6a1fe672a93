using Npgsql;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>GET /internal/servers/{slug}</c>: the last <see cref="Contracts.ServerChanged"/> of a server, for a service that has not received it yet. The gateway has no route to it.</summary>
internal static class GetServerState
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/internal/servers/{slug}", HandleAsync).WithName(nameof(GetServerState));

    private static async Task<IResult> HandleAsync(string slug, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) =>
        await ServerState.FindAsync(db, slug, clock.GetUtcNow(), stop) is { } server ? TypedResults.Json(server) : ServerErrors.NotFound(slug);
}
