using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack.Ads;

/// <summary>
/// <c>POST /api/get_ads/</c>: live ads, last bumped first. Also as <c>ads</c>; the dialect's page has lost the endpoint's name, these are inferred. Errors of the dialect: 2, 3, 4, 5, 7, 12, 6, then 15 for a <c>type</c> or <c>limit</c>
/// that is none.
/// </summary>
internal static class GetAds
{
    /// <summary>Answer of <c>get_ads</c>.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>The ads; absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<Ad>? Ads { get; init; }
    }

    /// <summary>An ad.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="CreatedTime">When it was posted, in Unix seconds.</param>
    /// <param name="Bumped">When it was put on top last, in Unix seconds; when it was posted if it never was.</param>
    /// <param name="Edited">When it was changed last, in Unix seconds; when it was posted if it never was.</param>
    /// <param name="Type"><c>buy</c> or <c>sell</c>.</param>
    /// <param name="Title">What it is about.</param>
    /// <param name="Body">What it says.</param>
    /// <param name="MinecraftName">The owner's name in Minecraft; empty when the account gives none.</param>
    /// <param name="MinecraftUuid">The owner's id in Minecraft, written with hyphens; empty when the account gives none.</param>
    public sealed record Ad(
        long Id,
        [property: JsonPropertyName("created_time")] long CreatedTime,
        long Bumped,
        long Edited,
        string Type,
        string Title,
        string Body,
        [property: JsonPropertyName("minecraft_name")] string MinecraftName,
        [property: JsonPropertyName("minecraft_uuid")] string MinecraftUuid);

    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(GetAds)).Produces<Answer>().TakesBody(
            "application/x-www-form-urlencoded",
            "`client_id`, `client_secret`, `token`, and when wanted `type` (`any`, `buy` or `sell`; `any` by default) and `limit` (-1, the default, for no limit but the hub's own); multipart forms, JSON and the query string do as well."),
        "get_ads", "ads");

    private static async Task<IResult> HandleAsync(
        RailcraftFields fields, HttpContext context, IdentityClients clients, AdQueries ads, IOptions<RailcraftOptions> options, CancellationToken stop)
    {
        if (!(await clients.FindAsync(fields, context, stop)).TryGet(out _, out var error)) return error;
        var type = fields.Text("type") ?? "any";
        if (type is not ("any" or AdText.Buy or AdText.Sell)) return RailcraftError.VariableRequired();
        if (fields.Text("limit") is not null && fields.Number("limit") is null) return RailcraftError.VariableRequired();
        var most = options.Value.Ads.MaxListed;
        var limit = fields.Number("limit") is { } wanted and >= 0 ? Math.Min(wanted, most) : most; // whatever is below 0 means no limit
        return TypedResults.Ok(new Answer { Ads = limit == 0 ? [] : await ads.ListAsync(type == "any" ? null : type, limit, stop) });
    }
}
