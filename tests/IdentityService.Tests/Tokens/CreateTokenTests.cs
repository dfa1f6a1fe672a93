using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PackRelay.IdentityService.Tokens;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests.Tokens;

public sealed class CreateTokenTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/me/tokens";

    [Fact]
    public async Task Create_WithANameOnly_AllowsAllThatTheRoleDoes()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);

        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = " build server " });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var token = await answer.ReadJsonAsync();
        Assert.Equal(["id", "name", "token", "scopes", "expiresAt"], token.Members());
        Assert.Equal("build server", token.GetProperty("name").GetString());
        Assert.Equal(Scopes.All.Order(StringComparer.Ordinal), Texts(token.GetProperty("scopes")));
        Assert.True(TokenSecret.IsWellFormed(token.GetProperty("token").GetString()!));
        Assert.Equal(90, (token.GetProperty("expiresAt").GetDateTimeOffset() - api.Clock.GetUtcNow()).TotalDays, precision: 3);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Create_AsAPlayer_AllowsFavoritesOnly()
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "launcher" });
        Assert.Equal(["favorites"], Texts((await answer.ReadJsonAsync()).GetProperty("scopes")));
    }

    [Fact]
    public async Task Create_RightAfterBecomingServerOwner_KnowsTheNewRole()
    {
        var person = await api.NewPersonAsync();
        using var promoted = await person.Client.PostAsync("/api/v1/me/server-owner", content: null);

        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "ci", scopes = new[] { "packs:publish" } }); // this client still calls as a player

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(365)]
    public async Task Create_WithAnExpiry_EndsThen(int days)
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "ci", expiresInDays = days });
        var expiresAt = (await answer.ReadJsonAsync()).GetProperty("expiresAt").GetDateTimeOffset();
        Assert.Equal(days, (expiresAt - api.Clock.GetUtcNow()).TotalDays, precision: 3);
    }

    [Fact]
    public async Task Create_WithRestrictions_PutsThemIntoTheCaller()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);

        var (id, text) = await IdentityApi.MintAsync(person, new { name = "ci", scopes = new[] { "packs:publish", "packs:publish" }, packs = new[] { "b", "a", "b" }, servers = Array.Empty<string>() });

        var caller = await api.ResolveAsync(CredentialKind.Token, text);
        Assert.Equal((id, CredentialKind.Token, person.Id), (caller!.CredentialId, caller.Credential, caller.AccountId));
        Assert.Equal(["packs:publish"], caller.Scopes);
        Assert.Equal(["a", "b"], caller.Packs);
        Assert.True(caller.MayTouchPack("a") && !caller.MayTouchPack("c") && !caller.MayTouchServer("any"));
    }

    [Fact]
    public async Task Create_WithoutRestrictions_MayTouchEverything()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        var caller = await api.ResolveAsync(CredentialKind.Token, (await IdentityApi.MintAsync(person)).Token);
        Assert.True(caller!.MayTouchPack("any") && caller.MayTouchServer("any"));
    }

    [Fact]
    public async Task Create_WithAScopeBeyondTheRole_IsRefused()
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "ci", scopes = new[] { "favorites", "packs:publish" } });
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "scope_not_allowed");
    }

    [Theory]
    [InlineData("""{"name":""}""", "invalid_name")]
    [InlineData("""{"name":"  "}""", "invalid_name")]
    [InlineData("""{"name":"two\nlines"}""", "invalid_name")]
    [InlineData("""{"name":"ci","scopes":["packs:everything"]}""", "invalid_scopes")]
    [InlineData("""{"name":"ci","scopes":[null]}""", "invalid_scopes")]
    [InlineData("""{"name":"ci","packs":["Not A Slug"]}""", "invalid_packs")]
    [InlineData("""{"name":"ci","packs":[null]}""", "invalid_packs")]
    [InlineData("""{"name":"ci","servers":[""]}""", "invalid_servers")]
    [InlineData("""{"name":"ci","expiresInDays":0}""", "invalid_expires_in_days")]
    [InlineData("""{"name":"ci","expiresInDays":366}""", "invalid_expires_in_days")]
    [InlineData("""{"name":"ci","expiresInDays":-1}""", "invalid_expires_in_days")]
    [InlineData("""{"name":"ci","expiresInDays":1.5}""", "invalid_json")]
    [InlineData("""{"name":"ci","expiresInDays":1e999}""", "invalid_json")]
    [InlineData("""{"name":"ci","expiresInDays":9007199254740993}""", "invalid_json")]
    [InlineData("""{"name":"ci","expiresInDays":"90"}""", "invalid_json")]
    [InlineData("""{"name":"ci","scopes":"favorites"}""", "invalid_json")]
    [InlineData("""{"scopes":["favorites"]}""", "invalid_json")]
    public async Task Create_WithABadValue_IsRefused(string json, string code)
    {
        var person = await api.NewPersonAsync();
        using var answer = await BadBodies.SendAsync(person.Client, HttpMethod.Post, Path, json);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Create_WithTooLongANameOrTooManySlugs_IsRefused()
    {
        var person = await api.NewPersonAsync();
        var slugs = Enumerable.Range(0, 51).Select(number => $"pack-{number}");
        using var name = await person.Client.PostAsJsonAsync(Path, new { name = new string('n', 101) });
        await name.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_name");
        using var packs = await person.Client.PostAsJsonAsync(Path, new { name = new string('n', 100), packs = slugs });
        await packs.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_packs");
        using var servers = await person.Client.PostAsJsonAsync(Path, new { name = "ci", servers = slugs });
        await servers.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_servers");
    }

    [Fact]
    public async Task Create_Always_StoresTheHashOnly()
    {
        var person = await api.NewPersonAsync();

        var (id, token) = await IdentityApi.MintAsync(person);

        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(token)), await api.ScalarAsync<byte[]>("SELECT secret_hash FROM api_tokens WHERE id = $1", id));
        Assert.DoesNotContain(token, await api.ScalarAsync<string>("SELECT to_jsonb(t)::text FROM api_tokens t WHERE id = $1", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithAToken_IsForbidden()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        using var client = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);
        using var answer = await client.PostAsJsonAsync(Path, new { name = "more" });
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Create_WithoutCredentials_Answers401BeforeTheBodyIsRead()
    {
        using var client = api.CreateClient();
        using var answer = await BadBodies.SendAsync(client, HttpMethod.Post, Path, "{");
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Create_OfAnAccountThatIsGone_Answers401()
    {
        using var client = api.CreateClient(TestCallers.Session("gone"));
        using var answer = await client.PostAsJsonAsync(Path, new { name = "ci" });
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Create_WithABadBody_IsRefused() =>
        await BadBodies.AssertRefusedAsync((await api.NewPersonAsync()).Client, HttpMethod.Post, Path, "name");

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(item => item.GetString());
}

/// <summary>A hub where an account has three tokens at most.</summary>
public sealed class FewTokensApi : IdentityApi
{
    protected override void Configure(IDictionary<string, string?> settings) => settings["Identity:Tokens:PerAccount"] = "3";
}

public sealed class TokenLimitTests(FewTokensApi api) : IClassFixture<FewTokensApi>
{
    [Fact]
    public async Task Create_OfMoreThanTheLimitAtTheSameTime_StopsAtTheLimit()
    {
        var person = await api.NewPersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => person.Client.PostAsJsonAsync("/api/v1/me/tokens", new { name = "ci" })));

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await refused.AssertErrorAsync(HttpStatusCode.Conflict, "too_many_tokens");
    }

    [Fact]
    public async Task Create_AfterOneWasRevokedOrExpired_SucceedsAgain()
    {
        var person = await api.NewPersonAsync();
        var (id, _) = await IdentityApi.MintAsync(person);
        await IdentityApi.MintAsync(person);
        await IdentityApi.MintAsync(person, new { name = "short", expiresInDays = 1 });

        using var revoked = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");
        await IdentityApi.MintAsync(person);
        api.Clock.Advance(TimeSpan.FromDays(1));
        await IdentityApi.MintAsync(person);

        using var refused = await person.Client.PostAsJsonAsync("/api/v1/me/tokens", new { name = "ci" });
        await refused.AssertErrorAsync(HttpStatusCode.Conflict, "too_many_tokens");
    }
}
