using System.Text.Json.Serialization;
using PackRelay.CatalogService.RailcraftPack.Tags;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary><c>GET /api/current/</c>: the tags of the latest version; POST does as well. Errors of the dialect: 11 when the pack is not there or has no version.</summary>
internal static class GetCurrent
{
    /// <summary>Answer of <c>current</c>. Tags look like <c>3.01</c> and grow as numbers do.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>Tag of the last version that changed a file of the players: a client with an older one must update. Absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Major { get; init; }

        /// <summary>Tag of the latest version, which may have changed files of servers only. Absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Minor { get; init; }
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftGet(HandleAsync, get => get.WithName(nameof(GetCurrent)).Produces<Answer>().TakesPack(), "current");

    private static async Task<IResult> HandleAsync(RailcraftFields fields, Caller caller, RailcraftPacks packs, PackTags tags, CancellationToken stop)
    {
        if (await packs.FindAsync(fields, caller, stop) is not { } pack) return RailcraftError.NoTags();
        var major = await tags.MajorAsync(pack.Id, pack.Position, stop);
        return TypedResults.Ok(new Answer { Major = major.ToString(), Minor = pack.Tag.ToString() });
    }

    /// <summary>The parameter that names another pack than the configured one.</summary>
    public static RouteHandlerBuilder TakesPack(this RouteHandlerBuilder route) => route.TakesQuery("pack", "Slug of the pack; the hub's configured one when it is absent.");
}
