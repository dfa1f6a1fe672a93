using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack.Ads;

/// <summary>
/// <c>POST /api/post_ad/</c>: posts an ad under the Minecraft name of the client's account; with <c>id</c> it changes one of that account's. An extension: the dialect's own site posts ads on a page. Errors of the dialect: 2, 3, 4, 5, 7, 12, 6,
/// then 15 without <c>title</c> or <c>body</c> or for a <c>type</c> that is none, 13 for more than 100 words in either, 9 for an <c>id</c> that is no ad of the account's, 14 when the client has 5 live ads.
/// </summary>
internal static class PostAd
{
    /// <summary>Answer of <c>post_ad</c>.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>The ad's number; absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? Id { get; init; }
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(PostAd)).Produces<Answer>().TakesBody(
            "application/x-www-form-urlencoded",
            "`client_id`, `client_secret`, `token`, `type` (`buy` or `sell`), `title` (at most 200 characters), `body` (at most 5,000), and when wanted the `id` of an ad to change; multipart forms, JSON and the query string do as well."),
        "post_ad");

    private static async Task<IResult> HandleAsync(
        RailcraftFields fields, HttpContext context, IdentityClients clients, AdQueries ads, IOptions<RailcraftOptions> options, CancellationToken stop)
    {
        if (!(await clients.FindAsync(fields, context, stop)).TryGet(out var client, out var error)) return error;
        var isChange = fields.Text("id") is not null;
        if (isChange && fields.Number("id") is null) return RailcraftError.IdRequired();
        if (!AdText.TryRead(fields, options.Value.Ads.Words, out var ad, out error)) return error;
        if (fields.Number("id") is { } id) return await ads.EditAsync(client, id, ad, stop) ? TypedResults.Ok(new Answer { Id = id }) : RailcraftError.IdRequired();
        return await ads.AddAsync(client, ad, stop) is { } added ? TypedResults.Ok(new Answer { Id = added }) : RailcraftError.AdLimit();
    }
}
