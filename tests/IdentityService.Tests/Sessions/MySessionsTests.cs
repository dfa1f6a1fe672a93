using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Sessions;

public sealed class MySessionsTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task List_WithTwoSessions_ShowsBothAndWhichIsThisOne()
    {
        var first = await api.NewPersonAsync();
        var second = await SignInFromAsync(first, "203.0.113.7", "launcher/1.2");

        using var answer = await first.Client.GetAsync("/api/v1/me/sessions");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var sessions = (await answer.ReadJsonAsync()).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(2, sessions.Count);
        Assert.Equal(["id", "createdAt", "lastSeenAt", "address", "userAgent", "current"], sessions[0].Members());
        var other = sessions.Single(session => session.GetProperty("id").GetGuid() == second.Caller.CredentialId);
        Assert.Equal(("203.0.113.7", "launcher/1.2", false), (other.GetProperty("address").GetString(), other.GetProperty("userAgent").GetString(), other.GetProperty("current").GetBoolean()));
        var mine = sessions.Single(session => session.GetProperty("current").GetBoolean());
        Assert.Equal(first.Caller.CredentialId, mine.GetProperty("id").GetGuid());
        Assert.Equal(JsonValueKind.Null, mine.GetProperty("address").ValueKind); // not through the gateway
    }

    [Theory]
    [InlineData("203.0.113.7, 10.0.0.1")]
    [InlineData("nonsense")]
    public async Task List_AfterASignInWithAForgedAddress_ShowsNone(string forwardedFor)
    {
        var person = await SignInFromAsync(await api.NewPersonAsync(), forwardedFor, "x");

        var stored = await api.ScalarAsync<string>("SELECT address FROM sessions WHERE id = $1", person.Caller.CredentialId);

        Assert.Null(stored);
    }

    [Fact]
    public async Task List_AfterASignInWithAVeryLongUserAgent_ShowsItsBeginning()
    {
        var person = await SignInFromAsync(await api.NewPersonAsync(), "203.0.113.7", new string('a', 1_000));

        Assert.Equal(new string('a', 300), await api.ScalarAsync<string>("SELECT user_agent FROM sessions WHERE id = $1", person.Caller.CredentialId));
    }

    [Fact]
    public async Task End_OfAnotherOfOnesSessions_EndsThatOne()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        var first = await api.NewPersonAsync();
        var second = await api.SignInAsync(first);

        using var answer = await first.Client.DeleteAsync($"/api/v1/me/sessions/{second.Caller.CredentialId}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, second.Cookie));
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, first.Cookie));
        await revoked.FirstAsync(told => told.CredentialId == second.Caller.CredentialId);
    }

    [Fact]
    public async Task End_OfTheCurrentSession_RemovesTheCookie()
    {
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.DeleteAsync($"/api/v1/me/sessions/{person.Caller.CredentialId}");

        Assert.Contains("max-age=0", answer.SetCookie(), StringComparison.OrdinalIgnoreCase);
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task End_OfWhatIsNoneOfOnes_Answers404AndLeavesIt()
    {
        var person = await api.NewPersonAsync();
        var stranger = await api.NewPersonAsync(Role.Admin);
        foreach (var id in new[] { person.Caller.CredentialId.ToString(), Guid.NewGuid().ToString(), "not-an-id" })
        {
            using var answer = await stranger.Client.DeleteAsync($"/api/v1/me/sessions/{id}");
            await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        }

        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task SignOutEverywhere_WithSeveralSessions_EndsThemAllAndLeavesTokensAndOthers()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        var first = await api.NewPersonAsync();
        var second = await api.SignInAsync(first);
        var other = await api.NewPersonAsync();
        var (_, token) = await IdentityApi.MintAsync(first);

        using var answer = await first.Client.DeleteAsync("/api/v1/sessions");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("max-age=0", answer.SetCookie(), StringComparison.OrdinalIgnoreCase);
        foreach (var ended in new[] { first, second })
        {
            Assert.Null(await api.ResolveAsync(CredentialKind.Session, ended.Cookie));
            await revoked.FirstAsync(told => told.CredentialId == ended.Caller.CredentialId);
        }

        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, other.Cookie));
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Token, token));
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/sessions")]
    [InlineData("GET", "/api/v1/me/sessions")]
    [InlineData("DELETE", "/api/v1/me/sessions/00000000-0000-0000-0000-000000000001")]
    public Task Route_ByAnyone_TakesASessionOnly(string method, string path) => Access.AssertSessionOnlyAsync(api, new HttpMethod(method), path);

    private async Task<Person> SignInFromAsync(Person person, string forwardedFor, string userAgent)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(new { login = person.Username, password = IdentityApi.Password }) };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        using var answer = await client.SendAsync(request);
        var cookie = answer.SessionCookie();
        var caller = (await api.ResolveAsync(CredentialKind.Session, cookie))!;
        return person with { Cookie = cookie, Caller = caller, Client = api.CreateClient(caller) };
    }
}

public sealed class SessionsPerAccountTests(SessionsPerAccountTests.FewSessions api) : IClassFixture<SessionsPerAccountTests.FewSessions>
{
    [Fact]
    public async Task SignIn_BeyondTheLimit_EndsTheSessionUsedLongestAgo()
    {
        var first = await api.NewPersonAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await api.SignInAsync(first);
        api.Clock.Advance(TimeSpan.FromMinutes(1));

        var third = await api.SignInAsync(first);

        Assert.Null(await api.ResolveAsync(CredentialKind.Session, first.Cookie));
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, second.Cookie));
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, third.Cookie));
    }

    public sealed class FewSessions : IdentityApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Identity:Sessions:PerAccount"] = "2";
        }
    }
}

/// <summary>Another replica on the same database, started later, that cannot reach Redis.</summary>
public sealed class SessionReplicaTests(SessionReplicaTests.FirstReplica api) : IClassFixture<SessionReplicaTests.FirstReplica>
{
    [Fact]
    public async Task Session_OfOneReplica_IsKnownToAnotherThatStartsLaterAndWithoutRedis()
    {
        var person = await api.NewPersonAsync();
        var later = new Replica(api);
        await later.InitializeAsync();
        try
        {
            Assert.Equal(person.Id, (await later.ResolveAsync(CredentialKind.Session, person.Cookie))?.AccountId);

            using var client = later.CreateClient(person.Caller);
            using var ended = await client.DeleteAsync("/api/v1/sessions");

            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
            Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        }
        finally
        {
            await later.DisposeAsync();
        }
    }

    public class FirstReplica : IdentityApi
    {
        public IReadOnlyDictionary<string, string?> Settings { get; private set; } = new Dictionary<string, string?>();

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            Settings = new Dictionary<string, string?>(settings, StringComparer.Ordinal);
        }
    }

    private sealed class Replica(FirstReplica first) : IdentityApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            foreach (var name in new[] { "Callers:SigningKey", "ConnectionStrings:identitydb" }) settings[name] = first.Settings[name];
            settings["ConnectionStrings:cache"] = "127.0.0.1:1"; // nobody listens there
        }
    }
}
