using System.Net;
using System.Net.Http.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class ChangePasswordTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/me/password";

    private const string NewPassword = "another long password";

    [Fact]
    public async Task Change_WithTheRightPassword_ReplacesTheSessionAndEndsTheOthers()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        var first = await api.NewPersonAsync();
        var second = await api.SignInAsync(first);
        var (_, token) = await IdentityApi.MintAsync(first);

        using var answer = await ChangeAsync(first);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var renewed = answer.SessionCookie();
        Assert.Equal(first.Id, (await api.ResolveAsync(CredentialKind.Session, renewed))?.AccountId);
        foreach (var old in new[] { first, second })
        {
            Assert.Null(await api.ResolveAsync(CredentialKind.Session, old.Cookie));
            await revoked.FirstAsync(told => told.CredentialId == old.Caller.CredentialId);
        }

        Assert.NotNull(await api.ResolveAsync(CredentialKind.Token, token)); // tokens stay
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await SignInAsync(first, IdentityApi.Password), await SignInAsync(first, NewPassword)));
    }

    [Fact]
    public async Task Change_WithAWrongPassword_ChangesNothing()
    {
        var person = await api.NewPersonAsync();

        using var answer = await ChangeAsync(person, current: "not the password");

        var text = await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "wrong_password");
        Assert.Contains("currentPassword", text, StringComparison.Ordinal);
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(person, IdentityApi.Password));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(1025)]
    public async Task Change_ToAWeakPassword_IsRefused(int length)
    {
        var person = await api.NewPersonAsync();
        using var answer = await ChangeAsync(person, wanted: new string('p', length));
        Assert.Contains("newPassword", await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "weak_password"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_TriedTooOften_IsLimitedTogetherWithSigningIn()
    {
        var person = await api.NewPersonAsync(); // its sign-in is the first of ten attempts
        for (var attempt = 0; attempt < 9; attempt++)
        {
            using var wrong = await ChangeAsync(person, current: "not the password");
            await wrong.AssertErrorAsync(HttpStatusCode.Forbidden, "wrong_password");
        }

        using var limited = await ChangeAsync(person);

        Assert.Contains("10 a minute", await limited.AssertErrorAsync(HttpStatusCode.TooManyRequests, "rate_limited"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(person, IdentityApi.Password));
    }

    [Fact]
    public async Task Change_TwiceAtOnce_SucceedsOnce()
    {
        var person = await api.NewPersonAsync();

        var answers = await Task.WhenAll(ChangeAsync(person), ChangeAsync(person, wanted: "a third long password"));

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Forbidden], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE account_id = $1", person.Id));
    }

    [Theory]
    [InlineData("""{"currentPassword":"a"}""")]
    [InlineData("""{"newPassword":"a"}""")]
    [InlineData("""{"currentPassword":null,"newPassword":"aaaaaaaaaaaaaa"}""")]
    public async Task Change_WithoutAMember_IsRefused(string json)
    {
        var person = await api.NewPersonAsync();
        using var answer = await BadBodies.SendAsync(person.Client, HttpMethod.Post, Path, json);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
    }

    [Fact]
    public async Task Change_WithABadBody_IsRefused() => await BadBodies.AssertRefusedAsync((await api.NewPersonAsync()).Client, HttpMethod.Post, Path, "newPassword");

    [Fact]
    public Task Change_ByAnyone_TakesASessionOnly() => Access.AssertSessionOnlyAsync(api, HttpMethod.Post, Path);

    private static Task<HttpResponseMessage> ChangeAsync(Person person, string current = IdentityApi.Password, string wanted = NewPassword) =>
        person.Client.PostAsJsonAsync(Path, new { currentPassword = current, newPassword = wanted });

    private async Task<HttpStatusCode> SignInAsync(Person person, string password)
    {
        using var client = api.CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/sessions", new { login = person.Username, password });
        return answer.StatusCode;
    }
}
