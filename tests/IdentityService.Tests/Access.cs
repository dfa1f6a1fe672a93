using System.Net;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests;

/// <summary>Who may call a route: each is asked without a body, because credentials are judged before it.</summary>
internal static class Access
{
    /// <summary>A route of an account: any session passes the door, no token does.</summary>
    public static async Task AssertSessionOnlyAsync(IdentityApi api, HttpMethod method, string path)
    {
        await AssertRefusedAsync(api.CreateClient(), method, path, HttpStatusCode.Unauthorized, "unauthenticated");
        var person = await api.NewPersonAsync();
        using var token = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);
        await AssertRefusedAsync(token, method, path, HttpStatusCode.Forbidden, "forbidden");
        using var request = new HttpRequestMessage(method, path);
        using var answer = await person.Client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// <summary>A route of administrators: nobody else's session, and no token, not even an administrator's.</summary>
    public static async Task AssertAdminOnlyAsync(IdentityApi api, HttpMethod method, string path)
    {
        await AssertRefusedAsync(api.CreateClient(), method, path, HttpStatusCode.Unauthorized, "unauthenticated");
        foreach (var role in new[] { Role.Player, Role.ServerOwner })
        {
            var person = await api.NewPersonAsync(role);
            await AssertRefusedAsync(person.Client, method, path, HttpStatusCode.Forbidden, "role_required");
        }

        var admin = await api.NewPersonAsync(Role.Admin);
        using var token = await api.TokenClientAsync((await IdentityApi.MintAsync(admin)).Token);
        await AssertRefusedAsync(token, method, path, HttpStatusCode.Forbidden, "forbidden");
        using var restricted = await api.TokenClientAsync((await IdentityApi.MintAsync(admin, new { name = "ci", packs = new[] { "a" } })).Token);
        await AssertRefusedAsync(restricted, method, path, HttpStatusCode.Forbidden, "forbidden");
    }

    private static async Task AssertRefusedAsync(HttpClient client, HttpMethod method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await client.SendAsync(request);
        await answer.AssertErrorAsync(status, code);
    }
}
