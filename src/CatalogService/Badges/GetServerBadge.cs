using System.Globalization;
using PackRelay.CatalogService.Servers;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Badges;

/// <summary><c>GET /api/v1/servers/{slug}/badge.svg</c>: a badge with a server's name, status and players, for pages elsewhere.</summary>
internal static class GetServerBadge
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/servers/{slug}/badge.svg", HandleAsync).WithName(nameof(GetServerBadge))
        .Answers(200, "The badge.", "image/svg+xml");

    private static async Task<IResult> HandleAsync(string slug, ServerPages pages, CancellationToken stop)
    {
        if (await pages.FindAsync(slug, Caller.Anonymous, stop) is not { } server) return ServerErrors.NotFound(slug);
        return new SvgAnswer(Badge.Draw(server.Name, Value(server), server.Online ? Badge.Green : Badge.Grey), BadgesFeature.MaxAge);
    }

    private static string Value(CatalogServer server) => (server.Online, server.MaxPlayers) switch
    {
        (false, _) => "offline",
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"online {server.CurrentPlayers}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"online {server.CurrentPlayers}/{server.MaxPlayers}"),
    };
}
