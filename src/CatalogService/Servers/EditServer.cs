using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Games;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Servers;

/// <summary><c>PATCH /api/v1/servers/{slug}</c>: the page of a server, by its owner.</summary>
internal static class EditServer
{
    /// <summary>
    /// What is to change; what is not sent stays. Errors, by <c>code</c>: <c>invalid_name</c>, <c>invalid_region</c>, <c>invalid_game</c>, <c>invalid_summary</c>,
    /// <c>invalid_description</c>, <c>invalid_connect_address</c>, <c>invalid_max_players</c>, <c>invalid_tags</c>, <c>invalid_discord_url</c>,
    /// <c>invalid_website_url</c> 400.
    /// </summary>
    /// <param name="Name">Display name; 1 to 200 characters on one line.</param>
    /// <param name="Region">na_east, na_west, eu, as, oc, sa or af.</param>
    /// <param name="Game">One of the hub's games.</param>
    /// <param name="Summary">One line, at most 300 characters; null clears it.</param>
    /// <param name="Description">Markdown, at most 20,000 characters; null clears it.</param>
    /// <param name="ConnectAddress"><c>host</c> or <c>host:port</c>; null clears it.</param>
    /// <param name="MaxPlayers">Player slots, 0 to 100,000; 0 or null when unknown.</param>
    /// <param name="Tags">At most 20 different ones, each of 1 to 40 characters without a comma; null clears them.</param>
    /// <param name="DiscordUrl">Absolute http or https address, at most 2048 characters; null clears it.</param>
    /// <param name="WebsiteUrl">Absolute http or https address, at most 2048 characters; null clears it.</param>
    /// <param name="ShowPlayers">Whether everybody may see who plays; null is false.</param>
    public sealed record Request(
        PatchField<string?> Name = default, PatchField<string?> Region = default, PatchField<string?> Game = default, PatchField<string?> Summary = default,
        PatchField<string?> Description = default, PatchField<string?> ConnectAddress = default, PatchField<int?> MaxPlayers = default,
        PatchField<IReadOnlyList<string>?> Tags = default, PatchField<string?> DiscordUrl = default, PatchField<string?> WebsiteUrl = default,
        PatchField<bool?> ShowPlayers = default);

    public static RouteHandlerBuilder Map(RouteGroupBuilder servers) => servers.MapPatch("/{slug}", HandleAsync).WithName(nameof(EditServer));

    private static async Task<Results<Ok<CatalogServer>, ApiError>> HandleAsync(
        string slug, JsonBody<Request> body, Caller caller, ServerLookup servers, ServerEdits edits, ServerPages pages, GameRules games, CancellationToken stop)
    {
        var found = await servers.FindOwnAsync(slug, caller, stop);
        if (!found.TryGet(out var server, out var error)) return error;
        var read = await body.ReadAsync(stop, limitBytes: 256 * 1024); // a long description in escapes
        if (!read.TryGet(out var request, out error)) return error;
        error = Check(request, games);
        if (error is not null) return error;
        await edits.ApplyAsync(server, request, stop);
        return await pages.FindAsync(slug, caller, stop) is { } page ? TypedResults.Ok(page) : ServerErrors.NotFound(slug);
    }

    private static ApiError? Check(Request request, GameRules games) =>
        (request.Name.IsSet ? Fields.Name("name", request.Name.Value ?? "") : null)
        ?? Fields.Check("region", !request.Region.IsSet || Regions.All.Contains(request.Region.Value ?? ""), Regions.Rule)
        ?? (request.Game.IsSet ? games.Check(request.Game.Value ?? "") : null)
        ?? Fields.Summary(request.Summary.Value)
        ?? Fields.Description(request.Description.Value)
        ?? Fields.Check("connectAddress", request.ConnectAddress.Value is null || ConnectAddress.IsValid(request.ConnectAddress.Value), ConnectAddress.Rule)
        ?? Fields.Check("maxPlayers", request.MaxPlayers.Value is null or (>= 0 and <= CreateServer.MostPlayers), CreateServer.MaxPlayersRule)
        ?? Fields.Tags(request.Tags.Value)
        ?? Fields.Url("discordUrl", request.DiscordUrl.Value)
        ?? Fields.Url("websiteUrl", request.WebsiteUrl.Value);
}
