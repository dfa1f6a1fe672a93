using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;
using static PackRelay.EndToEnd.Tests.Publisher;

namespace PackRelay.EndToEnd.Tests;

/// <summary>What ends a token ends it at every gateway.</summary>
[Collection(HubGroup.Name)]
public sealed class RevocationTests(Hub hub)
{
    /// <summary>The promise is a second, which a busy machine may miss; what no event reached would be kept for longer than this.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Revoke_TokenThatTwoGatewaysKnow_IsRefusedByBothWithinASecond()
    {
        var username = NewSlug("user");
        using var browser = HubClient.Create(hub.Gateway, new CookieContainer());
        await ExpectAsync(HttpStatusCode.Created, browser.PostAsJsonAsync("/api/v1/accounts", new { username, email = $"{username}@example.org", password = "a long password" }));
        await ExpectAsync(HttpStatusCode.OK, browser.PostAsJsonAsync("/api/v1/sessions", new { login = username, password = "a long password" }));
        for (var time = 0; time < 3; time++)
        {
            var minted = await ExpectAsync(HttpStatusCode.Created, browser.PostAsJsonAsync("/api/v1/me/tokens", new { name = "ci" }));
            var clients = new[] { hub.Gateway, hub.OtherGateway }.Select(gateway => NewClient(gateway, (string)minted["token"]!)).ToArray();
            foreach (var client in clients) await ExpectAsync(HttpStatusCode.OK, client.GetAsync("/api/v1/me"));

            using (var revoked = await browser.DeleteAsync($"/api/v1/me/tokens/{(string?)minted["id"]}")) Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
            await Task.WhenAll(clients.Select(client => Wait.UntilAsync(
                async () =>
                {
                    using var answer = await client.GetAsync("/api/v1/me");
                    return answer.StatusCode == HttpStatusCode.Unauthorized;
                },
                $"{client.BaseAddress} refuses the token",
                Promise)));
            foreach (var client in clients)
            {
                await ExpectErrorAsync(HttpStatusCode.Unauthorized, "invalid_token", client.GetAsync("/api/v1/me"));
                client.Dispose();
            }
        }
    }

    private static HttpClient NewClient(Uri gateway, string token)
    {
        var client = HubClient.Create(gateway);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
