using System.Net;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Tokens;

public sealed class ListTokensTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/me/tokens";

    [Fact]
    public async Task List_Always_ShowsOwnLiveTokensWithoutTheirSecrets()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        await IdentityApi.MintAsync(await api.NewPersonAsync());
        var (first, _) = await IdentityApi.MintAsync(person, new { name = "first", scopes = new[] { "packs:publish" }, packs = new[] { "my-pack" }, expiresInDays = 2 });
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        var (second, _) = await IdentityApi.MintAsync(person, new { name = "second", expiresInDays = 1 });

        var tokens = await ListAsync(person);

        Assert.Equal([second, first], tokens.Select(token => token.GetProperty("id").GetGuid()));
        Assert.Equal(["id", "name", "scopes", "packs", "servers", "createdAt", "expiresAt", "lastUsedAt"], tokens[1].Members());
        Assert.Equal("first", tokens[1].GetProperty("name").GetString());
        Assert.Equal("my-pack", tokens[1].GetProperty("packs")[0].GetString());
        Assert.Equal(JsonValueKind.Null, tokens[1].GetProperty("servers").ValueKind);
        Assert.Equal(JsonValueKind.Null, tokens[1].GetProperty("lastUsedAt").ValueKind);
        Assert.EndsWith("Z", tokens[1].GetProperty("createdAt").GetString(), StringComparison.Ordinal);

        api.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal([first], (await ListAsync(person)).Select(token => token.GetProperty("id").GetGuid()));
        using var revoked = await person.Client.DeleteAsync($"{Path}/{first}");
        Assert.Empty(await ListAsync(person));
    }

    [Fact]
    public async Task List_AfterAUse_ShowsWhenThatWas()
    {
        var person = await api.NewPersonAsync();
        var (_, token) = await IdentityApi.MintAsync(person);
        var usedAt = api.Clock.GetUtcNow();
        await api.ResolveAsync(CredentialKind.Token, token);

        api.Clock.Advance(TimeSpan.FromSeconds(1)); // when uses are written down

        var lastUsed = await Testing.Wait.ForAsync(
            async () => (await ListAsync(person))[0].GetProperty("lastUsedAt").GetString(), "the use is shown");
        Assert.Equal(usedAt.ToUnixTimeMilliseconds(), DateTimeOffset.Parse(lastUsed, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task List_WithoutTokens_IsEmpty() => Assert.Empty(await ListAsync(await api.NewPersonAsync()));

    [Fact]
    public async Task List_WithAToken_IsForbidden()
    {
        var person = await api.NewPersonAsync();
        using var client = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);
        using var answer = await client.GetAsync(Path);
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task List_WithoutCredentials_Answers401()
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync(Path);
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(Person person)
    {
        using var answer = await person.Client.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.ReadJsonAsync()).GetProperty("tokens").EnumerateArray()];
    }
}
