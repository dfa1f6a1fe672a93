using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing;

namespace PackRelay.IdentityService.Tests.Audit;

public sealed class AuditLogTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/admin/audit";

    [Fact]
    public async Task Log_OfAPersonsDeeds_HasEachWithWhoWhatAndFromWhere()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var person = await api.NewPersonAsync();
        person.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        var (tokenId, token) = await IdentityApi.MintAsync(person);
        (await person.Client.DeleteAsync($"/api/v1/me/tokens/{tokenId}")).Dispose();
        (await person.Client.PostAsync("/api/v1/me/server-owner", content: null)).Dispose();
        (await person.Client.PostAsJsonAsync("/api/v1/me/clients", new { name = "a client" })).Dispose();
        (await person.Client.PostAsJsonAsync("/api/v1/me/password", new { currentPassword = "not the password", newPassword = "a new password" })).Dispose();
        (await person.Client.PutAsJsonAsync("/api/v1/me/email", new { currentPassword = IdentityApi.Password, email = $"{IdentityApi.FreshName()}@example.org" })).Dispose();
        (await person.Client.PostAsJsonAsync("/api/v1/me/password", new { currentPassword = IdentityApi.Password, newPassword = "a new password" })).Dispose();
        (await admin.Client.PatchAsJsonAsync($"/api/v1/admin/accounts/{person.Id}", new { plan = "pro" })).Dispose();

        var entries = await ReadAsync(admin, $"{Path}?account={person.Id}&limit=100");

        Assert.Equal(
            [
                "account.became_server_owner", "account.changed_by_admin", "account.created", "account.email_changed", "account.password_changed", "account.password_wrong",
                "client.created", "session.signed_in", "token.created", "token.revoked",
            ],
            entries.Select(Action).Order(StringComparer.Ordinal));
        var minted = entries.Single(entry => Action(entry) == "token.created");
        Assert.Equal(
            ["id", "at", "action", "target", "actorId", "actor", "credential", "credentialId", "address", "subjectId", "details"], minted.Members());
        Assert.Equal(
            ($"token:{tokenId}", person.Id, person.Username, "session", person.Caller.CredentialId, "203.0.113.9", "ci"),
            (minted.GetProperty("target").GetString(), minted.GetProperty("actorId").GetGuid(), minted.GetProperty("actor").GetString(), minted.GetProperty("credential").GetString(),
             minted.GetProperty("credentialId").GetGuid(), minted.GetProperty("address").GetString(), minted.GetProperty("details").GetProperty("name").GetString()));
        var byAdmin = entries.Single(entry => Action(entry) == "account.changed_by_admin");
        Assert.Equal((admin.Id, person.Id, "free -> pro"), (byAdmin.GetProperty("actorId").GetGuid(), byAdmin.GetProperty("subjectId").GetGuid(), byAdmin.GetProperty("details").GetProperty("plan").GetString()));
        var all = await api.ScalarAsync<string>("SELECT string_agg(a::text, ' ') FROM audit_log a");
        foreach (var secret in new[] { token, token[4..], person.Cookie, IdentityApi.Password, "a new password", person.Email }) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfFailedSignIns_NamesTheAccountAndNeverWhatWasTyped()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var person = await api.NewPersonAsync();
        using var anyone = api.CreateClient();
        var typed = $"oops-my-password-{Guid.NewGuid():N}";
        (await anyone.PostAsJsonAsync("/api/v1/sessions", new { login = person.Username, password = typed })).Dispose();
        (await anyone.PostAsJsonAsync("/api/v1/sessions", new { login = typed, password = "x" })).Dispose();

        var entries = await ReadAsync(admin, $"{Path}?account={person.Username}&action=session.sign_in_failed");

        var entry = Assert.Single(entries);
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("actorId").ValueKind);
        Assert.Equal((person.Id, "none", "wrong password"), (entry.GetProperty("subjectId").GetGuid(), entry.GetProperty("credential").GetString(), entry.GetProperty("details").GetProperty("reason").GetString()));
        var all = await api.ScalarAsync<string>("SELECT string_agg(a::text, ' ') FROM audit_log a");
        Assert.Contains("unknown login", all, StringComparison.Ordinal);
        Assert.DoesNotContain(typed, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAnotherServicesDeed_IsTakenOnce()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var now = api.Clock.GetUtcNow();
        var told = new AuditRecorded(
            Guid.CreateVersion7(now), now, AuditActions.PackDeleted, "pack:gone", admin.Id, admin.Username, "token", Guid.NewGuid(), "2001:db8::1", SubjectId: null,
            new Dictionary<string, string> { ["name"] = "Gone" });

        await api.PublishAsync(told);
        await api.PublishAsync(told with { EventId = Guid.CreateVersion7(now), Target = "pack:gone-too" });
        await api.PublishAsync(told);
        await Wait.UntilAsync(async () => (await ReadAsync(admin, $"{Path}?action=pack.deleted")).Count > 0, "the entry is in the log");
        await api.PublishAsync(told with { EventId = Guid.CreateVersion7(now), Target = "pack:last" });
        await Wait.UntilAsync(async () => (await ReadAsync(admin, $"{Path}?action=pack.deleted")).Any(entry => Target(entry) == "pack:last"), "the last one is in the log");

        var entries = await ReadAsync(admin, $"{Path}?action=pack.deleted");
        Assert.Single(entries, entry => Target(entry) == "pack:gone");
        Assert.Single(entries, entry => Target(entry) == "pack:gone-too");
    }

    [Fact]
    public async Task List_PageByPageOfAnAccount_ShowsEachEntryOnceNewestFirst()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var person = await api.NewPersonAsync();
        for (var i = 0; i < 3; i++)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            await IdentityApi.MintAsync(person); // by the person
            (await admin.Client.PatchAsJsonAsync($"/api/v1/admin/accounts/{person.Id}", new { plan = i % 2 == 0 ? "pro" : "free" })).Dispose(); // to the person
        }

        var expected = (await ReadAsync(admin, $"{Path}?account={person.Id}&limit=100")).ConvertAll(Id);
        Assert.Equal(8, expected.Count); // created, signed in, and three of each
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            using var answer = await admin.Client.GetAsync($"{Path}?account={person.Id}&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await answer.ReadJsonAsync();
            Assert.Equal(["entries", "hasMore", "nextCursor"], page.Members());
            seen.AddRange(page.GetProperty("entries").EnumerateArray().Select(Id));
            cursor = page.GetProperty("nextCursor").GetString();
            await IdentityApi.MintAsync(person); // what comes meanwhile stands before the first page
        }
        while (cursor is not null);

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task List_Since_LeavesOutWhatIsOlder()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var person = await api.NewPersonAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        var since = api.Clock.GetUtcNow();
        await IdentityApi.MintAsync(person);

        var entries = await ReadAsync(admin, $"{Path}?account={person.Username}&since={since:yyyy-MM-dd'T'HH:mm:ss'Z'}");

        Assert.Equal("token.created", Action(Assert.Single(entries)));
    }

    [Theory]
    [InlineData("account=UPPER", "invalid_account")]
    [InlineData("action=a%00b", "invalid_action")]
    [InlineData("since=yesterday", "invalid_since")]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("offset=3", "invalid_offset")]
    [InlineData("cursor=abc", "invalid_cursor")]
    public async Task List_WithABadParameter_IsRefused(string query, string code)
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        using var answer = await admin.Client.GetAsync($"{Path}?{query}");
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("account=nobody-has-this-name")]
    [InlineData("account=00000000-0000-0000-0000-000000000000")]
    [InlineData("action=nothing.like_it")]
    public async Task List_OfWhatNobodyDid_IsEmpty(string query) => Assert.Empty(await ReadAsync(await api.NewPersonAsync(Role.Admin), $"{Path}?{query}"));

    [Fact]
    public async Task Retention_OfOldEntries_ForgetsThem()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var old = api.Clock.GetUtcNow() - TimeSpan.FromDays(366);
        await api.ExecuteAsync("INSERT INTO audit_log (id, at, action, target, credential) VALUES ($1, $2, 'server.deleted', 'server:old', 'none')", Guid.CreateVersion7(old), old);
        var recent = api.Clock.GetUtcNow() - TimeSpan.FromDays(364);
        await api.ExecuteAsync("INSERT INTO audit_log (id, at, action, target, credential) VALUES ($1, $2, 'server.deleted', 'server:recent', 'none')", Guid.CreateVersion7(recent), recent);

        api.Clock.Advance(TimeSpan.FromHours(1));

        await Wait.UntilAsync(async () => (await ReadAsync(admin, $"{Path}?action=server.deleted")).Count == 1, "the old entry is forgotten");
        Assert.Equal("server:recent", Target(Assert.Single(await ReadAsync(admin, $"{Path}?action=server.deleted"))));
    }

    private static string Action(JsonElement entry) => entry.GetProperty("action").GetString()!;

    private static string Target(JsonElement entry) => entry.GetProperty("target").GetString()!;

    private static Guid Id(JsonElement entry) => entry.GetProperty("id").GetGuid();

    private static async Task<List<JsonElement>> ReadAsync(Person admin, string path)
    {
        using var answer = await admin.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.ReadJsonAsync()).GetProperty("entries").EnumerateArray()];
    }
}
