using System.Net;
using System.Net.Http.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.WebhookService.Tests.Endpoints;

/// <summary>Who may do what, on every route of the service.</summary>
public sealed class AccessTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private static readonly Uri Nowhere = new("https://receiver.example/");

    public static TheoryData<string, string> RoutesOfOneWebhook => new()
    {
        { "GET", "/{id}" }, { "PATCH", "/{id}" }, { "DELETE", "/{id}" }, { "POST", "/{id}/rotate-secret" }, { "POST", "/{id}/ping" },
        { "GET", "/{id}/deliveries" }, { "GET", "/{id}/deliveries/{delivery}" }, { "POST", "/{id}/deliveries/{delivery}/redeliver" }, { "POST", "/{id}/redeliver" },
    };

    public static TheoryData<string, string> Routes
    {
        get
        {
            var routes = RoutesOfOneWebhook;
            routes.Add("POST", "");
            routes.Add("GET", "");
            routes.Add("GET", "/feed");
            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task AnyRoute_WithoutCredentials_Is401(string method, string route)
    {
        using var answer = await SendAsync(api.CreateClient(), method, route, Guid.NewGuid());

        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task AnyRoute_AsAPlayer_Is403(string method, string route)
    {
        using var answer = await SendAsync(api.CreateClient(TestCallers.Session("player", Role.Player, Scopes.Webhooks)), method, route, Guid.NewGuid());

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "role_required");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task AnyRoute_WithATokenOfOtherScopes_Is403(string method, string route)
    {
        using var answer = await SendAsync(api.CreateClient(TestCallers.Token("ci", Role.ServerOwner, Scopes.PacksPublish)), method, route, Guid.NewGuid());

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "scope_required");
    }

    [Theory]
    [MemberData(nameof(RoutesOfOneWebhook))]
    public async Task AnyRoute_ToAnotherAccountsWebhook_Is404AndChangesNothing(string method, string route)
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Nowhere);

        using var answer = await SendAsync(api.NewOwner().Client, method, route, hook.Id);

        await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        var row = await api.ScalarAsync<string>("SELECT url || enabled || (previous_secret IS NULL) FROM endpoints WHERE id = $1", hook.Id);
        Assert.Equal($"{Nowhere}truetrue", row);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE endpoint_id = $1", hook.Id));
    }

    [Theory]
    [MemberData(nameof(RoutesOfOneWebhook))]
    public async Task AnyRoute_WithATokenRestrictedToOtherPacks_Is403(string method, string route)
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Nowhere, packs: ["mine", "other"]);

        using var answer = await SendAsync(Restricted(owner, packs: ["mine"]), method, route, hook.Id);

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task AnyRoute_WithATokenRestrictedToTheWebhooksPacks_Works()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Nowhere, ["pack.version_published"], packs: ["mine"]);

        using var answer = await SendAsync(Restricted(owner, packs: ["mine", "second"], servers: ["alpha"]), "GET", "/{id}", hook.Id);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("pack.version_published", null, null)] // every pack
    [InlineData("pack.version_published", "other", null)]
    [InlineData("*", "mine", null)] // every server
    [InlineData("server.online", null, "other")]
    [InlineData("server.pack_attached", null, "alpha")] // publishers hear of their packs
    public async Task Create_BeyondTheTokensRestriction_Is403(string @event, string? pack, string? server)
    {
        using var answer = await Restricted(api.NewOwner(), packs: ["mine"], servers: ["alpha"]).PostAsJsonAsync(WebhookApi.Routes, new
        {
            url = Nowhere,
            events = new[] { @event },
            packs = pack is null ? null : new[] { pack },
            servers = server is null ? null : new[] { server },
        });

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Update_BeyondTheTokensRestriction_Is403()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, Nowhere, ["pack.version_published"], packs: ["mine"]);

        using var answer = await Restricted(owner, packs: ["mine"]).PatchAsJsonAsync($"{WebhookApi.Routes}/{hook.Id}", new { packs = Array.Empty<string>() });

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private HttpClient Restricted(Owner owner, string[]? packs = null, string[]? servers = null) =>
        api.CreateClient(owner.Caller with { Credential = CredentialKind.Token, Packs = packs, Servers = servers });

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string route, Guid id)
    {
        var path = WebhookApi.Routes + route.Replace("{id}", id.ToString(), StringComparison.Ordinal).Replace("{delivery}", Guid.NewGuid().ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PATCH") request.Content = JsonContent.Create(new { });
        return await client.SendAsync(request);
    }
}
