using System.Net;
using System.Text;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests;

/// <summary>Who may do what with packs, their teams and servers: each route, each kind of caller.</summary>
public sealed class AuthorisationTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private static readonly string[] Kinds = ["anonymous", "player", "other", "publisher", "maintainer", "owner", "admin", "restricted", "unscoped"];

    // Status by caller, in the order of Kinds. 400 and 404 of an owner mean that only the body, or the thing asked for, was wrong.
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
    public async Task Pack_EachRoute_AdmitsWhomItShould(string method, string path, string statuses) => await AssertPackAsync(method, path, statuses, "public");

    [Theory]
    [InlineData("GET", "packs/{0}", "404 404 404 200 200 200 200 404 200")]
    [InlineData("GET", "packs/{0}/versions", "404 404 404 200 200 200 200 404 200")]
    [InlineData("PATCH", "packs/{0}", "401 403 404 403 200 200 200 404 403")]
    [InlineData("DELETE", "packs/{0}", "401 403 404 403 403 204 204 404 403")]
    [InlineData("GET", "packs/{0}/members", "401 404 404 200 200 200 200 404 403")]
    [InlineData("POST", "packs/{0}/members", "401 403 404 403 403 400 400 404 403")]
    [InlineData("POST", "packs/{0}/transfer", "401 403 404 403 403 400 400 404 403")]
    [InlineData("POST", "packs/{0}/versions", "401 403 404 400 400 400 403 404 403")]
    public async Task PrivatePack_EachRoute_IsNotThereForOthers(string method, string path, string statuses) => await AssertPackAsync(method, path, statuses, "private");

    [Theory]
    [InlineData("PATCH", "servers/{0}", "401 403 403 - - 200 200 403 403")]
    [InlineData("DELETE", "servers/{0}", "401 403 403 - - 204 204 403 403")]
    [InlineData("PUT", "servers/{0}/pack", "401 403 403 - - 400 400 403 403")]
    [InlineData("DELETE", "servers/{0}/pack", "401 403 403 - - 200 200 403 403")]
    public async Task Server_EachRoute_AdmitsWhomItShould(string method, string path, string statuses)
    {
        var wanted = statuses.Split(' ');
        for (var kind = 0; kind < Kinds.Length; kind++)
        {
            if (wanted[kind] == "-") continue; // servers have no teams
            var owner = api.NewPublisher();
            await AssertAsync(method, path, await owner.CreateServerAsync(), ClientOf(Kinds[kind], owner, member: null), wanted[kind], Kinds[kind]);
        }
    }

    private async Task AssertPackAsync(string method, string path, string statuses, string visibility)
    {
        var wanted = statuses.Split(' ');
        for (var kind = 0; kind < Kinds.Length; kind++)
        {
            var (owner, member) = (api.NewPublisher(), api.NewPublisher());
            var slug = await owner.CreatePackAsync(more: new { visibility });
            await api.ExecuteAsync(
                """
                WITH a AS (INSERT INTO accounts (id, username, display_name, revision) VALUES ($1, $2, $2, 1) RETURNING id)
                INSERT INTO pack_members SELECT p.id, a.id, $3, now() FROM a, packs p WHERE p.slug = $4 AND $3 IN ('publisher', 'maintainer')
                """,
                member.Caller.AccountId, member.Caller.Username, Kinds[kind], slug);
            await AssertAsync(method, path, slug, ClientOf(Kinds[kind], owner, member), wanted[kind], Kinds[kind]);
        }
    }

    private HttpClient ClientOf(string kind, Publisher owner, Publisher? member) => kind switch
    {
        "anonymous" => api.Anonymous,
        "player" => api.NewPublisher().ClientWith(caller => caller with { Role = Role.Player, Credential = CredentialKind.Session, Scopes = new HashSet<string> { Scopes.Favorites } }),
        "publisher" or "maintainer" => member!.Client,
        "owner" => owner.Client,
        "admin" => api.NewPublisher(change: caller => caller with { Role = Role.Admin }).Client,
        "restricted" => owner.ClientWith(caller => caller with { Packs = ["another"], Servers = ["another"] }),
        "unscoped" => owner.ClientWith(caller => caller with { Scopes = new HashSet<string>() }),
        _ => api.NewPublisher().Client,
    };

    private static async Task AssertAsync(string method, string path, string slug, HttpClient client, string status, string kind)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path.Replace("{0}", slug, StringComparison.Ordinal));
        if (method != "GET") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        Assert.True((HttpStatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) == response.StatusCode, $"{kind}: {(int)response.StatusCode} instead of {status}: {await response.Content.ReadAsStringAsync()}");
    }
}
