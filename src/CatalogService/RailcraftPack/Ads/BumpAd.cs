using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack.Ads;

/// <summary>
/// <c>POST /api/bump_ad/</c>: puts an ad of the client's account on top. An extension. Errors of the dialect: 2, 3, 4, 5, 7, 12, 6, then 9 for an <c>id</c> that is missing or no ad of the account's, and 14 when the ad was not live any more and its client has 5
/// others that are.
/// </summary>
internal static class BumpAd
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(BumpAd)).Produces<RailcraftAnswer>()
            .TakesBody("application/x-www-form-urlencoded", "`client_id`, `client_secret`, `token` and `id`; multipart forms, JSON and the query string do as well."),
        "bump_ad");

    private static async Task<IResult> HandleAsync(RailcraftFields fields, HttpContext context, IdentityClients clients, AdQueries ads, CancellationToken stop)
    {
        if (!(await clients.FindAsync(fields, context, stop)).TryGet(out var client, out var error)) return error;
        if (fields.Number("id") is not { } id) return RailcraftError.IdRequired();
        return await ads.BumpAsync(client, id, stop) switch
        {
            AdBump.Done => TypedResults.Ok(new RailcraftAnswer()),
            AdBump.Full => RailcraftError.AdLimit(),
            _ => RailcraftError.IdRequired(),
        };
    }
}
