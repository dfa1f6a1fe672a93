using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests.Sessions;

public sealed class SessionLifetimeTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Session_WithoutUse_EndsAfterItsLifetime()
    {
        var person = await api.NewPersonAsync();
        api.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task Session_InUse_GoesOnUntilItsGreatestAge()
    {
        var person = await api.NewPersonAsync();
        for (var age = 0; age < 160; age += 20)
        {
            await WrittenDownAsync(person);
            api.Clock.Advance(TimeSpan.FromDays(20));
            Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        }

        await WrittenDownAsync(person);
        api.Clock.Advance(TimeSpan.FromDays(20)); // 180 days and the seconds in between, though the last use was 20 days ago
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task Session_AfterItsEnd_IsClearedAway()
    {
        var person = await api.NewPersonAsync();
        api.Clock.Advance(TimeSpan.FromDays(31));
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM sessions WHERE account_id = $1", person.Id) == 0, TimeSpan.FromSeconds(20), "the session is cleared away");
    }

    [Fact]
    public async Task Session_AfterARestart_IsStillThere()
    {
        var person = await api.NewPersonAsync();
        var restarted = new Restarted(api);
        await restarted.InitializeAsync();
        try
        {
            using var gateway = restarted.CreateClient();
            var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
                gateway, "/internal/callers", new ResolveCallerRequest(CredentialKind.Session, person.Cookie), ServiceDefaults.Http.ApiJson.Options);
            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            await restarted.DisposeAsync();
        }
    }

    /// <summary>Uses the session and waits until that has reached the database.</summary>
    private async Task WrittenDownAsync(Person person)
    {
        await api.ResolveAsync(CredentialKind.Session, person.Cookie);
        var now = api.Clock.GetUtcNow();
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<DateTimeOffset>("SELECT last_seen_at FROM sessions WHERE id = $1", person.Caller.CredentialId) >= now.AddMilliseconds(-1),
            TimeSpan.FromSeconds(20),
            "the use is written down");
    }

    /// <summary>The service as it comes up again, with nothing but its database.</summary>
    private sealed class Restarted(IdentityApi api) : ServiceFixture<Program>(new() { Redis = true, Messaging = true })
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["ConnectionStrings:identitydb"] = api.Postgres.ConnectionString;
    }
}
