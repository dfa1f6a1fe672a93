using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack.Ads;

/// <summary>
/// <c>POST /api/delete_ad/</c>: deletes an ad of the client's account. An extension. Errors of the dialect: 2, 3, 4, 5, 7, 12, 6, then 9 for an <c>id</c> that is missing or no ad of the account's.
/// </summary>
internal static class DeleteAd
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(DeleteAd)).Produces<RailcraftAnswer>()
            .TakesBody("application/x-www-form-urlencoded", "`client_id`, `client_secret`, `token` and `id`; multipart forms, JSON and the query string do as well."),
        "delete_ad");

    private static async Task<IResult> HandleAsync(RailcraftFields fields, HttpContext context, IdentityClients clients, AdQueries ads, CancellationToken stop)
    {
        if (!(await clients.FindAsync(fields, context, stop)).TryGet(out var client, out var error)) return error;
        return fields.Number("id") is { } id && await ads.DeleteAsync(client, id, stop) ? TypedResults.Ok(new RailcraftAnswer()) : RailcraftError.IdRequired();
    }
}
