namespace PackRelay.TelemetryService.Players;

/// <summary>Names of players, of servers whose owners show them.</summary>
internal static class PlayersFeature
{
    public static IServiceCollection AddPlayers(this IServiceCollection services) => services.AddSingleton<PlayerNames>();

    public static void MapPlayers(this WebApplication app) => ListServerPlayers.Map(app.MapGroup("/api/v1/servers"));
}
