using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Games;
using PackRelay.CatalogService.Validation;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>POST /api/v1/servers</c>: a new server.</summary>
internal static class CreateServer
{
    public const int MostPlayers = 100_000;

    public const string MaxPlayersRule = "0 to 100000";

    /// <summary>
    /// A new server. Errors, by <c>code</c>: <c>invalid_slug</c>, <c>invalid_name</c>, <c>invalid_region</c>, <c>invalid_game</c>, <c>invalid_summary</c>,
    /// <c>invalid_description</c>, <c>invalid_connect_address</c>, <c>invalid_max_players</c>, <c>invalid_tags</c>, <c>invalid_discord_url</c>,
    /// <c>invalid_website_url</c> 400; <c>quota_exceeded</c> 402; <c>forbidden</c> 403; <c>slug_taken</c> 409.
    /// </summary>
    /// <param name="Slug">1 to 64 of a-z, 0-9 and hyphen. It never changes.</param>
    /// <param name="Name">Display name; 1 to 200 characters on one line.</param>
    /// <param name="Region">na_east, na_west, eu, as, oc, sa or af.</param>
    /// <param name="Game">One of the hub's games.</param>
    /// <param name="Summary">One line; at most 300 characters.</param>
    /// <param name="Description">Markdown; at most 20,000 characters.</param>
    /// <param name="ConnectAddress"><c>host</c> or <c>host:port</c>.</param>
    /// <param name="MaxPlayers">Player slots, 0 to 100,000; 0 (default) when unknown.</param>
    /// <param name="Tags">At most 20 different ones, each of 1 to 40 characters without a comma.</param>
    /// <param name="DiscordUrl">Absolute http or https address; at most 2048 characters.</param>
    /// <param name="WebsiteUrl">Absolute http or https address; at most 2048 characters.</param>
    /// <param name="ShowPlayers">Whether everybody may see who plays; false when absent.</param>
    public sealed record Request(
        string Slug, string Name, string Region, string Game, string? Summary = null, string? Description = null, string? ConnectAddress = null,
        int? MaxPlayers = null, IReadOnlyList<string>? Tags = null, string? DiscordUrl = null, string? WebsiteUrl = null, bool? ShowPlayers = null);

    public static RouteHandlerBuilder Map(RouteGroupBuilder servers) => servers.MapPost("/", HandleAsync).WithName(nameof(CreateServer));

    private static async Task<Results<Created<CatalogServer>, ApiError>> HandleAsync(
        JsonBody<Request> body, Caller caller, NewServers servers, ServerPages pages, GameRules games, IOptionsMonitor<PlanOptions> plans, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, limitBytes: 256 * 1024); // a long description in escapes
        if (!read.TryGet(out var request, out var error)) return error;
        error = Check(request, games);
        if (error is not null) return error;
        if (!caller.MayTouchServer(request.Slug)) return ApiError.Forbidden($"the API token is not for the server '{request.Slug}'");

        var limit = plans.CurrentValue.Of(caller).Servers;
        var outcome = await servers.AddAsync(request, caller, limit, stop);
        if (outcome == NewServerOutcome.SlugTaken) return ApiError.Conflict(ServerErrors.SlugTaken, $"slug: '{request.Slug}' is taken");
        if (outcome == NewServerOutcome.QuotaExceeded) return PlanErrors.Exceeded(caller, "servers", limit);
        return TypedResults.Created($"/api/v1/servers/{request.Slug}", await pages.FindAsync(request.Slug, caller, stop));
    }

    private static ApiError? Check(Request request, GameRules games) =>
        Fields.Check("slug", ServerSlug.IsValid(request.Slug), ServerSlug.Rule)
        ?? Fields.Name("name", request.Name)
        ?? Fields.Check("region", Regions.All.Contains(request.Region), Regions.Rule)
        ?? games.Check(request.Game)
        ?? Fields.Summary(request.Summary)
        ?? Fields.Description(request.Description)
        ?? Fields.Check("connectAddress", request.ConnectAddress is null || ConnectAddress.IsValid(request.ConnectAddress), ConnectAddress.Rule)
        ?? Fields.Check("maxPlayers", request.MaxPlayers is null or (>= 0 and <= MostPlayers), MaxPlayersRule)
        ?? Fields.Tags(request.Tags)
        ?? Fields.Url("discordUrl", request.DiscordUrl)
        ?? Fields.Url("websiteUrl", request.WebsiteUrl);
}
