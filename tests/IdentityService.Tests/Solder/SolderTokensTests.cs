using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Solder;

public sealed class SolderTokensTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/token";

    [Fact]
    public async Task Token_IsMintedUsedListedAndRevoked()
    {
        await using var revocations = await api.ObserveAsync<TokenRevoked>();
        var person = await api.NewPersonAsync(); // a player: the account's flags decide
        await api.ExecuteAsync("UPDATE accounts SET solder_permissions = '{mods_create}', solder_modpacks = '{hexxit}' WHERE id = $1", person.Id);
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "  ci " });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var token = (await answer.ReadJsonAsync()).GetProperty("token");
        Assert.Equal(["id", "name", "plaintext", "created_at"], token.Members());
        var (id, text) = (token.GetProperty("id").GetInt64(), token.GetProperty("plaintext").GetString()!);
        Assert.Matches($@"\A{id}\|sldr_[0-9A-Za-z]{{43}}\z", text);
        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\z", token.GetProperty("created_at").GetString());

        var caller = (await api.ResolveAsync(CredentialKind.Token, text))!;
        Assert.Equal((person.Id, "solder", "mods_create", "hexxit"), (caller.AccountId, caller.Scopes.Single(), caller.Solder.Flags.Single(), caller.Solder.Modpacks.Single()));
        Assert.Null(caller.CredentialExpiresAt);
        foreach (var wrong in new[] { text + "x", text[..^1] + (text[^1] == 'a' ? 'b' : 'a'), $"{id + 1}|{text.Split('|')[1]}", $"|{text.Split('|')[1]}", $"99999999999999999999|{text.Split('|')[1]}" })
            Assert.Null(await api.ResolveAsync(CredentialKind.Token, wrong));

        using var client = await api.TokenClientAsync(text);
        await api.WaitUntilAsync(
            async () =>
            {
                api.Clock.Advance(TimeSpan.FromSeconds(1)); // uses are written down once a second
                return (await ListAsync(client)).Single().GetProperty("last_used_at").ValueKind == JsonValueKind.String;
            },
            TimeSpan.FromSeconds(30), "its use is known");
        Assert.Equal(["id", "name", "last_used_at", "created_at"], (await ListAsync(client)).Single().Members());
        Assert.DoesNotContain(text.Split('|')[1], await client.GetStringAsync(Path), StringComparison.Ordinal);

        using var revoked = await client.DeleteAsync($"{Path}/{id}");
        Assert.Equal("""{"success":"Token revoked."}""", await revoked.Content.ReadAsStringAsync());
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, text));
        await revocations.FirstAsync(found => found.CredentialId == caller.CredentialId && found.AccountId == person.Id);
    }

    [Fact]
    public async Task Token_MadeWithAToken_EndsWithIt()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        var (_, minting) = await IdentityApi.MintAsync(person, new { name = "ci", scopes = new[] { "solder" } });
        var end = (await api.ResolveAsync(CredentialKind.Token, minting))!.CredentialExpiresAt;
        var made = await MakeAsync(minting);
        var another = await MakeAsync(made); // and what is made with that
        foreach (var text in new[] { made, another })
        {
            var caller = (await api.ResolveAsync(CredentialKind.Token, text))!;
            Assert.Equal((end, "solder"), (caller.CredentialExpiresAt, caller.Scopes.Single()));
        }

        Assert.Equal(2, (await ListAsync(person.Client)).Length);
        api.Clock.Advance(end!.Value - api.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        foreach (var text in new[] { made, another }) Assert.Null(await api.ResolveAsync(CredentialKind.Token, text));
        Assert.Empty(await ListAsync(api.CreateClient(person.Caller)));
        await api.WaitUntilAsync(
            async () =>
            {
                api.Clock.Advance(TimeSpan.FromHours(1));
                return await api.ScalarAsync<long>("SELECT count(*) FROM solder_tokens WHERE account_id = $1", person.Id) == 0;
            },
            TimeSpan.FromSeconds(30), "they are cleared away");

        async Task<string> MakeAsync(string with)
        {
            using var client = await api.TokenClientAsync(with);
            using var answer = await client.PostAsJsonAsync(Path, new { name = "ci" });
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.ReadJsonAsync()).GetProperty("token").GetProperty("plaintext").GetString()!;
        }
    }

    [Fact]
    public async Task Token_RestrictedToPacks_NeitherMakesNorRevokes()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "mine" });
        var id = (await answer.ReadJsonAsync()).GetProperty("token").GetProperty("id").GetInt64();
        using var restricted = await api.TokenClientAsync((await IdentityApi.MintAsync(person, new { name = "ci", scopes = new[] { "solder" }, packs = new[] { "hexxit" } })).Token);
        foreach (var sending in new[] { restricted.PostAsJsonAsync(Path, new { name = "more" }), restricted.DeleteAsync($"{Path}/{id}") })
        {
            using var refused = await sending;
            Assert.Equal((HttpStatusCode.Forbidden, """{"error":"This action is unauthorized.","message":"This action is unauthorized."}"""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        }

        Assert.Equal(id, Assert.Single(await ListAsync(restricted)).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Revoke_OfAnothersToken_FindsNone()
    {
        var (person, other) = (await api.NewPersonAsync(), await api.NewPersonAsync());
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "mine" });
        var id = (await answer.ReadJsonAsync()).GetProperty("token").GetProperty("id").GetInt64();
        foreach (var path in new[] { $"{Path}/{id}", $"{Path}/no-number", $"{Path}/99999999999999999999" })
        {
            using var refused = await other.Client.DeleteAsync(path);
            Assert.Equal((HttpStatusCode.NotFound, """{"error":"Token not found."}"""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        }

        Assert.Single(await ListAsync(person.Client));
        Assert.Empty(await ListAsync(other.Client));
    }

    [Theory]
    [InlineData("""{}""", """{"error":{"name":["The name field is required."]}}""")]
    [InlineData("""{"name":5}""", """{"error":{"name":["The name field must be a string."]}}""")]
    [InlineData("""{"name":"long"}""", """{"error":{"name":["The name field must not be greater than 255 characters."]}}""")]
    public async Task Create_BadBody_SaysWhy(string body, string error)
    {
        var person = await api.NewPersonAsync();
        using var content = new StringContent(body.Replace("long", new string('n', 256), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var answer = await person.Client.PostAsync(Path, content);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, error), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Token_OfASuspendedAccount_IsRefused()
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "ci" });
        var text = (await answer.ReadJsonAsync()).GetProperty("token").GetProperty("plaintext").GetString()!;
        await api.ExecuteAsync("UPDATE accounts SET suspended_at = now() WHERE id = $1", person.Id);
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, text));
    }

    [Theory]
    [InlineData("GET", "/api/token")]
    [InlineData("POST", "/api/token")]
    [InlineData("DELETE", "/api/token/1")]
    [InlineData("POST", "/api/client")]
    [InlineData("PUT", "/api/client/x")]
    [InlineData("DELETE", "/api/client/x")]
    public async Task Route_WithoutAnAccountOrTheScope_IsRefused(string method, string path)
    {
        using var anyone = api.CreateClient();
        using var anonymous = await anyone.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal((HttpStatusCode.Unauthorized, """{"error":"Unauthenticated.","message":"Unauthenticated."}"""), (anonymous.StatusCode, await anonymous.Content.ReadAsStringAsync()));
        var person = await api.NewPersonAsync(Role.ServerOwner);
        using var unscoped = await api.TokenClientAsync((await IdentityApi.MintAsync(person, new { name = "ci", scopes = new[] { "favorites" } })).Token);
        using var refused = await unscoped.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal((HttpStatusCode.Forbidden, """{"error":"This action is unauthorized.","message":"This action is unauthorized."}"""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
    }

    private static async Task<JsonElement[]> ListAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.ReadJsonAsync()).GetProperty("tokens").EnumerateArray()];
    }
}
