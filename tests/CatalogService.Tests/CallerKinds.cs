using System.Globalization;
using System.Net;
using System.Text;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests;

/// <summary>Who may come, for tables of routes against callers.</summary>
internal static class CallerKinds
{
    /// <summary>The columns of such a table, in order. The last two are tokens of the owner: one for another pack and server, one without any scope.</summary>
    public static readonly string[] All = ["anonymous", "player", "other", "publisher", "maintainer", "owner", "admin", "restricted", "unscoped"];

    /// <param name="api">The catalog.</param>
    /// <param name="kind">One of <see cref="All"/>.</param>
    /// <param name="owner">Who owns what is asked for.</param>
    /// <param name="member">Who comes as a member of the team.</param>
    public static HttpClient Client(this CatalogApi api, string kind, Publisher owner, Publisher member) => kind switch
    {
        "anonymous" => api.Anonymous,
        "player" => api.NewPublisher().ClientWith(caller => caller with { Role = Role.Player, Credential = CredentialKind.Session, Scopes = new HashSet<string> { Scopes.Favorites } }),
        "publisher" or "maintainer" => member.Client,
        "owner" => owner.Client,
        "admin" => api.NewPublisher(change: caller => caller with { Role = Role.Admin }).Client,
        "restricted" => owner.ClientWith(caller => caller with { Packs = ["another"], Servers = ["another"] }),
        "unscoped" => owner.ClientWith(caller => caller with { Scopes = new HashSet<string>() }),
        _ => api.NewPublisher().Client,
    };

    /// <summary>Somebody new who is in the team of a pack, when the kind of caller is a role of members.</summary>
    public static async Task<Publisher> NewMemberAsync(this CatalogApi api, string slug, string kind)
    {
        var member = api.NewPublisher();
        await api.ExecuteAsync(
            """
            WITH a AS (INSERT INTO accounts (id, username, display_name, revision) VALUES ($1, $2, $2, 1) RETURNING id)
            INSERT INTO pack_members SELECT p.id, a.id, $3, now() FROM a, packs p WHERE p.slug = $4 AND $3 IN ('publisher', 'maintainer')
            """,
            member.Caller.AccountId, member.Caller.Username, kind, slug);
        return member;
    }

    /// <summary>The statuses of a table's row by kind of caller; <c>-</c> where there is no such caller.</summary>
    public static IEnumerable<(string Kind, string Status)> Columns(string statuses) => All.Zip(statuses.Split(' ')).Where(column => column.Second != "-");

    /// <summary>Sends a request and asserts its status.</summary>
    public static async Task AssertAsync(this HttpClient client, string kind, string status, string method, string path, string body = "{}")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
        if (method != "GET") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var wanted = (HttpStatusCode)int.Parse(status, CultureInfo.InvariantCulture);
        Assert.True(wanted == response.StatusCode, $"{kind}: {(int)response.StatusCode} instead of {status}: {await response.Content.ReadAsStringAsync()}");
    }
}
