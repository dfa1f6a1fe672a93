using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests;

/// <summary>The identity service on servers of its own, with a clock that the tests move.</summary>
public class IdentityApi() : ServiceFixture<Program>(new() { Contract = true, Database = "identitydb", Redis = true, Messaging = true, SteppedClock = true })
{
    public const string Password = "correct horse battery";

    /// <summary>Rounds of password hashing; few, because most tests are not about it. Null: as in production.</summary>
    protected virtual int? PasswordRounds => 1_000;

    /// <summary>A name that no other test has.</summary>
    public static string FreshName() => $"u{Guid.NewGuid():N}"[..24];

    /// <summary>Registers an account and signs it in, through the routes that people use.</summary>
    public async Task<Person> NewPersonAsync(Role role = Role.Player)
    {
        var username = FreshName();
        var email = $"{username}@example.org";
        using var anyone = CreateClient();
        using var created = await anyone.PostAsJsonAsync("/api/v1/accounts", new { username, email, password = Password });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var id = (await created.ReadJsonAsync()).GetProperty("id").GetGuid();
        if (role != Role.Player) await ExecuteAsync("UPDATE accounts SET role = $2 WHERE id = $1", id, role == Role.Admin ? "admin" : "server_owner");
        return await SignInAsync(new Person(id, username, email, "", null!, null!));
    }

    /// <summary>Signs a person in once more, with a session of its own.</summary>
    public async Task<Person> SignInAsync(Person person)
    {
        using var anyone = CreateClient();
        using var answer = await anyone.PostAsJsonAsync("/api/v1/sessions", new { login = person.Username, password = Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cookie = answer.SessionCookie();
        var caller = await ResolveAsync(CredentialKind.Session, cookie);
        return person with { Cookie = cookie, Caller = caller!, Client = CreateClient(caller) };
    }

    /// <summary>Mints an API token and gives its id and text.</summary>
    public static async Task<(Guid Id, string Token)> MintAsync(Person person, object? body = null)
    {
        using var answer = await person.Client.PostAsJsonAsync("/api/v1/me/tokens", body ?? new { name = "ci" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var token = await answer.ReadJsonAsync();
        return (token.GetProperty("id").GetGuid(), token.GetProperty("token").GetString()!);
    }

    /// <summary>What the gateway would learn about a credential; null when it is refused.</summary>
    public async Task<Caller?> ResolveAsync(CredentialKind kind, string secret)
    {
        using var gateway = CreateClient();
        using var answer = await gateway.PostAsJsonAsync("/internal/callers", new ResolveCallerRequest(kind, secret), ApiJson.Options);
        if (answer.StatusCode == HttpStatusCode.Unauthorized) return null;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(Services.GetRequiredService<CallerToken>().TryRead(await answer.Content.ReadAsStringAsync(), out var caller));
        return caller;
    }

    /// <summary>A client that calls with an API token, as the gateway would pass it on.</summary>
    public async Task<HttpClient> TokenClientAsync(string token) => CreateClient(await ResolveAsync(CredentialKind.Token, token));

    protected override void Configure(IDictionary<string, string?> settings) => settings["RateLimits:AccountCreation:PermitPerHour"] = "100000"; // all from no address

    protected override void ReplaceServices(IServiceCollection services)
    {
        if (PasswordRounds is { } rounds) services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = rounds);
    }
}

/// <summary>An account with a session.</summary>
public sealed record Person(Guid Id, string Username, string Email, string Cookie, Caller Caller, HttpClient Client);

internal static class Answers
{
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>Checks an error answer: status, code, envelope.</summary>
    public static async Task<string> AssertErrorAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)status} expected, {(int)answer.StatusCode} answered: {text}");
        using var error = JsonDocument.Parse(text);
        Assert.Equal(code, error.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(error.RootElement.GetProperty("error").GetString()!);
        return text;
    }

    public static IEnumerable<string> Members(this JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    /// <summary>The one Set-Cookie header of an answer.</summary>
    public static string SetCookie(this HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Set-Cookie"));

    /// <summary>The session's secret out of it.</summary>
    public static string SessionCookie(this HttpResponseMessage answer)
    {
        var cookie = answer.SetCookie();
        Assert.StartsWith("packrelay_session=", cookie, StringComparison.Ordinal);
        return cookie["packrelay_session=".Length..cookie.IndexOf(';', StringComparison.Ordinal)];
    }
}
