using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Sessions;

public sealed class SignInTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private readonly HttpClient client = api.CreateClient();

    [Fact]
    public async Task SignIn_WithTheUsername_AnswersTheProfile()
    {
        var person = await api.NewPersonAsync();

        using var answer = await SignInAsync(person.Username);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var profile = await answer.ReadJsonAsync();
        Assert.Equal(["id", "displayName", "role", "plan", "image", "username", "minecraftName", "minecraftUuid"], profile.Members());
        Assert.Equal(person.Id, profile.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task SignIn_WithNameOrEmailInAnyCase_Succeeds()
    {
        var person = await api.NewPersonAsync();
        foreach (var login in new[] { person.Email, person.Email.ToUpperInvariant(), person.Username.ToUpperInvariant() })
        {
            using var answer = await SignInAsync(login);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task SignIn_OverHttp_SetsACookieThatScriptsCannotRead()
    {
        var person = await api.NewPersonAsync();

        using var answer = await SignInAsync(person.Username);

        var attributes = answer.SetCookie().Split("; ").Skip(1).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(["max-age=15552000", "path=/", "samesite=lax", "httponly"], attributes);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", answer.SessionCookie());
    }

    [Fact]
    public async Task SignIn_OverHttps_SetsASecureCookie()
    {
        var person = await api.NewPersonAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(new { login = person.Username, password = IdentityApi.Password }) };
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var answer = await client.SendAsync(request);

        Assert.Contains("; secure", answer.SetCookie(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SignIn_WithAnUnknownLoginOrAWrongPassword_AnswersTheSame()
    {
        var person = await api.NewPersonAsync();

        using var wrong = await SignInAsync(person.Username, "not the password");
        using var unknown = await SignInAsync(IdentityApi.FreshName());

        var texts = new[] { wrong, unknown }.Select(answer => answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials"));
        Assert.Single((await Task.WhenAll(texts)).Distinct());
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task SignIn_WithMoreThanAnyoneCanHave_AnswersInvalidCredentials()
    {
        using var longLogin = await SignInAsync(new string('a', 255));
        await longLogin.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        using var longPassword = await SignInAsync("someone", new string('p', 1025));
        await longPassword.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task SignIn_WithAnOldSession_EndsIt()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.PostAsJsonAsync("/api/v1/sessions", new { login = person.Username, password = IdentityApi.Password });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, answer.SessionCookie()));
        await revoked.FirstAsync(told => told.CredentialId == person.Caller.CredentialId && told.AccountId == person.Id);
    }

    [Fact]
    public async Task SignIn_ThatFails_LeavesTheOldSessionAlone()
    {
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.PostAsJsonAsync("/api/v1/sessions", new { login = person.Username, password = "not the password" });

        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task SignIn_Always_StoresTheHashOfTheCookieOnly()
    {
        var person = await api.NewPersonAsync();

        var stored = await api.ScalarAsync<byte[]>("SELECT secret_hash FROM sessions WHERE id = $1", person.Caller.CredentialId);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(person.Cookie)), stored);
    }

    [Fact]
    public async Task SignIn_OfOneLoginTooOften_Answers429()
    {
        var login = IdentityApi.FreshName();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var counted = await SignInAsync(attempt % 2 == 0 ? login : login.ToUpperInvariant());
            await counted.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        }

        using var refused = await SignInAsync(login);
        await refused.AssertErrorAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(66)); // a window slides: at its very start the first permit is back a tenth into the next one
        Assert.Equal("10", Assert.Single(refused.Headers.GetValues("RateLimit-Limit")));
        using var other = await SignInAsync(IdentityApi.FreshName());
        await other.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");

        api.Clock.Advance(TimeSpan.FromMinutes(2));
        using var later = await SignInAsync(login);
        await later.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task SignIn_WithAHashOfAnOlderWorkFactor_StoresANewOne()
    {
        var person = await api.NewPersonAsync();
        var old = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 500 })).HashPassword(person, IdentityApi.Password);
        await api.ExecuteAsync("UPDATE accounts SET password_hash = $2 WHERE id = $1", person.Id, old);

        using var first = await SignInAsync(person.Username);
        using var second = await SignInAsync(person.Username);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.NotEqual(old, await api.ScalarAsync<string>("SELECT password_hash FROM accounts WHERE id = $1", person.Id));
    }

    [Theory]
    [InlineData("""{"login":"someone"}""")]
    [InlineData("""{"password":"something"}""")]
    [InlineData("""{"login":"someone","password":null}""")]
    public async Task SignIn_WithoutAMember_IsRefused(string json)
    {
        using var answer = await BadBodies.SendAsync(client, HttpMethod.Post, "/api/v1/sessions", json);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
    }

    [Fact]
    public Task SignIn_WithABadBody_IsRefused() => BadBodies.AssertRefusedAsync(client, HttpMethod.Post, "/api/v1/sessions", "login");

    private Task<HttpResponseMessage> SignInAsync(string login, string password = IdentityApi.Password) =>
        client.PostAsJsonAsync("/api/v1/sessions", new { login, password });
}
