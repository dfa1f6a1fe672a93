using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.IdentityService.Railcraft;

/// <summary>
/// <c>POST /api/test_token/</c>: whether a token is still good. Also as <c>test_auth</c> and <c>check_token</c>; the dialect's page has lost the endpoint's name, these are inferred. Errors of the dialect: 2, 3, 4, 5, 7, 12, 6.
/// </summary>
internal static class TestToken
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(TestToken)).Produces<RailcraftAnswer>()
            .TakesBody("application/x-www-form-urlencoded", "`client_id`, `client_secret` and `token`; multipart forms, JSON and the query string do as well."),
        "test_token", "test_auth", "check_token");

    private static async Task<IResult> HandleAsync(RailcraftFields fields, HttpContext context, ClientChecks clients, CancellationToken stop)
    {
        if (!ClientKey.TryRead(fields, Actor.Of(context).Address, out var key, out var error)) return error;
        var check = await clients.CheckAsync(key, stop);
        return check.Client is null ? RailcraftError.Credentials(check.Result, check.RetryAfter) : TypedResults.Ok(new RailcraftAnswer());
    }
}
