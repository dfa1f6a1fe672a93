using System.Net;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class GetMeTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Get_WithASession_AnswersTheProfile()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);

        using var answer = await person.Client.GetAsync("/api/v1/me");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var profile = await answer.ReadJsonAsync();
        Assert.Equal(["id", "displayName", "role", "plan", "image", "username", "minecraftName", "minecraftUuid"], profile.Members());
        Assert.Equal(person.Id, profile.GetProperty("id").GetGuid());
        Assert.Equal(person.Username, profile.GetProperty("username").GetString());
        Assert.Equal("server_owner", profile.GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, profile.GetProperty("image").ValueKind);
    }

    [Fact]
    public async Task Get_WithATokenWithoutScopes_AnswersTheProfile()
    {
        var person = await api.NewPersonAsync();
        var (_, token) = await IdentityApi.MintAsync(person, new { name = "launcher", scopes = Array.Empty<string>() });
        using var client = await api.TokenClientAsync(token);

        using var answer = await client.GetAsync("/api/v1/me");

        Assert.Equal(person.Id, (await answer.ReadJsonAsync()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Head_WithASession_AnswersLikeGet()
    {
        var person = await api.NewPersonAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/v1/me");

        using var answer = await person.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Get_WithoutCredentials_Answers401()
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync("/api/v1/me");
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Get_OfAnAccountThatIsGone_Answers401()
    {
        using var client = api.CreateClient(TestCallers.Session("gone"));
        using var answer = await client.GetAsync("/api/v1/me");
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
