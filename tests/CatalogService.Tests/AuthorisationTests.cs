namespace PackRelay.CatalogService.Tests;

/// <summary>Who may do what with packs, their teams and servers: each route, each kind of caller.</summary>
public sealed class AuthorisationTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    // Status by caller, in the order of CallerKinds.All. 400 and 404 of an owner mean that only the body, or the thing asked for, was wrong.
    [Theory]
    [InlineData("PATCH", "packs/{0}", "401 403 403 403 200 200 200 403 403")]
    [InlineData("DELETE", "packs/{0}", "401 403 403 403 403 204 204 403 403")]
    [InlineData("GET", "packs/{0}/members", "401 403 403 200 200 200 200 403 403")]
    [InlineData("POST", "packs/{0}/members", "401 403 403 403 403 400 400 403 403")]
    [InlineData("DELETE", "packs/{0}/members", "401 403 403 400 400 400 400 403 403")]
    [InlineData("DELETE", "packs/{0}/members/nobody", "401 403 403 403 403 404 404 403 403")]
    [InlineData("POST", "packs/{0}/transfer", "401 403 403 403 403 400 400 403 403")]
    [InlineData("DELETE", "packs/{0}/transfer", "401 403 403 403 403 404 404 403 403")]
    [InlineData("POST", "packs/{0}/transfer/accept", "401 403 404 404 404 404 404 404 403")]
    [InlineData("POST", "packs/{0}/transfer/decline", "401 404 404 404 404 404 404 404 403")]
    [InlineData("POST", "packs/{0}/versions", "401 403 403 400 400 400 403 403 403")]
    [InlineData("PATCH", "packs/{0}/versions/1.0.0", "401 403 403 404 404 404 404 403 403")]
    [InlineData("POST", "packs/{0}/versions/1.0.0/withdraw", "401 403 403 403 404 404 404 403 403")]
    [InlineData("DELETE", "packs/{0}/versions/1.0.0/withdraw", "401 403 403 403 404 404 404 403 403")]
    public async Task Pack_EachRoute_AdmitsWhomItShould(string method, string path, string statuses)
    {
        await AssertPackAsync(method, path, statuses, "public");
        await AssertPackAsync(method, path, statuses, "unlisted");
    }

    [Theory]
    [InlineData("GET", "packs/{0}", "404 404 404 200 200 200 200 404 200")]
    [InlineData("GET", "packs/{0}/versions", "404 404 404 200 200 200 200 404 200")]
    [InlineData("PATCH", "packs/{0}", "401 403 404 403 200 200 200 404 403")]
    [InlineData("DELETE", "packs/{0}", "401 403 404 403 403 204 204 404 403")]
    [InlineData("GET", "packs/{0}/members", "401 404 404 200 200 200 200 404 403")]
    [InlineData("POST", "packs/{0}/members", "401 403 404 403 403 400 400 404 403")]
    [InlineData("DELETE", "packs/{0}/members", "401 404 404 400 400 400 400 404 403")]
    [InlineData("DELETE", "packs/{0}/members/nobody", "401 404 404 403 403 404 404 404 403")]
    [InlineData("POST", "packs/{0}/transfer", "401 403 404 403 403 400 400 404 403")]
    [InlineData("DELETE", "packs/{0}/transfer", "401 403 404 403 403 404 404 404 403")]
    [InlineData("POST", "packs/{0}/transfer/accept", "401 403 404 404 404 404 404 404 403")]
    [InlineData("POST", "packs/{0}/transfer/decline", "401 404 404 404 404 404 404 404 403")]
    [InlineData("POST", "packs/{0}/versions", "401 403 404 400 400 400 403 404 403")]
    public async Task PrivatePack_EachRoute_IsNotThereForOthers(string method, string path, string statuses) => await AssertPackAsync(method, path, statuses, "private");

    [Theory]
    [InlineData("GET", "servers/{0}", "200 200 200 - - 200 200 200 200")]
    [InlineData("PATCH", "servers/{0}", "401 403 403 - - 200 200 403 403")]
    [InlineData("DELETE", "servers/{0}", "401 403 403 - - 204 204 403 403")]
    [InlineData("PUT", "servers/{0}/pack", "401 403 403 - - 400 400 403 403")]
    [InlineData("DELETE", "servers/{0}/pack", "401 403 403 - - 200 200 403 403")]
    [InlineData("POST", "servers/{0}/favorite", "401 200 200 - - 200 200 403 403")]
    public async Task Server_EachRoute_AdmitsWhomItShould(string method, string path, string statuses)
    {
        foreach (var (kind, status) in CallerKinds.Columns(statuses)) // servers have no teams
        {
            var owner = api.NewPublisher();
            await api.Client(kind, owner, owner).AssertAsync(kind, status, method, Of(path, await owner.CreateServerAsync()));
        }
    }

    [Theory]
    [InlineData("GET", "me/packs", "401 200 200 - - 200 200 200 200")]
    [InlineData("GET", "me/servers", "401 200 200 - - 200 200 200 200")]
    [InlineData("GET", "me/usage", "401 200 200 - - 200 200 200 200")]
    [InlineData("GET", "me/favorites", "401 200 200 - - 200 200 200 403")]
    [InlineData("GET", "me/transfers", "401 200 200 - - 200 200 200 403")]
    [InlineData("GET", "me/keys", "401 403 200 - - 200 200 200 403")]
    [InlineData("POST", "packs", "401 403 400 - - 400 400 400 403")]
    [InlineData("POST", "servers", "401 403 400 - - 400 400 400 403")]
    [InlineData("POST", "keys", "401 403 400 - - 400 400 403 403")]
    [InlineData("DELETE", "keys/{0}", "401 403 403 - - 204 204 403 403")]
    public async Task Account_EachRoute_AdmitsWhomItShould(string method, string path, string statuses)
    {
        foreach (var (kind, status) in CallerKinds.Columns(statuses))
        {
            var owner = api.NewPublisher();
            await owner.RegisterKeyAsync();
            await api.Client(kind, owner, owner).AssertAsync(kind, status, method, Of(path, owner.KeyId.ToString()));
        }
    }

    private async Task AssertPackAsync(string method, string path, string statuses, string visibility)
    {
        foreach (var (kind, status) in CallerKinds.Columns(statuses))
        {
            var owner = api.NewPublisher();
            var slug = await owner.CreatePackAsync(more: new { visibility });
            await api.Client(kind, owner, await api.NewMemberAsync(slug, kind)).AssertAsync($"{visibility}, {kind}", status, method, Of(path, slug));
        }
    }

    private static string Of(string path, string slug) => path.Replace("{0}", slug, StringComparison.Ordinal);
}
