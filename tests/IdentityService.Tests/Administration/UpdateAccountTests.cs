using System.Net;
using System.Net.Http.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Administration;

public sealed class UpdateAccountTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Update_OfEverything_IsAnsweredStoredAndTold()
    {
        await using var changed = await api.ObserveAsync<AccountChanged>();
        var (admin, person) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());
        var body = new
        {
            role = "server_owner", plan = "pro", solderModpacks = new[] { "tekkit", "Attack_b", "tekkit" },
            permissions = new Dictionary<string, bool> { ["mods_create"] = true, ["solder_keys"] = false },
        };

        using var answer = await UpdateAsync(admin, person, body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var account = await answer.ReadJsonAsync();
        Assert.Equal(
            ["id", "username", "email", "displayName", "role", "plan", "image", "minecraftName", "minecraftUuid", "permissions", "solderModpacks", "suspended", "suspendedAt", "createdAt"],
            account.Members());
        Assert.Equal(("server_owner", "pro"), (account.GetProperty("role").GetString(), account.GetProperty("plan").GetString()));
        Assert.Equal(
            ["solder_full", "solder_users", "solder_keys", "solder_clients", "mods_create", "mods_manage", "mods_delete", "modpacks_create", "modpacks_manage", "modpacks_delete"],
            account.GetProperty("permissions").Members());
        Assert.Equal(["mods_create"], account.GetProperty("permissions").EnumerateObject().Where(flag => flag.Value.GetBoolean()).Select(flag => flag.Name));
        Assert.Equal(["Attack_b", "tekkit"], account.GetProperty("solderModpacks").EnumerateArray().Select(slug => slug.GetString()));
        var told = await changed.FirstAsync(news => news.AccountId == person.Id && news.Plan == "pro");
        Assert.Equal(("server_owner", 2L), (told.Role, told.Revision));
        using var read = await admin.Client.GetAsync($"/api/v1/admin/accounts/{person.Id}");
        Assert.Equal(account.ToString(), (await read.ReadJsonAsync()).ToString());
        var caller = await api.ResolveAsync(CredentialKind.Session, person.Cookie);
        Assert.Equal((Role.ServerOwner, "pro"), (caller!.Role, caller.Plan));
    }

    [Fact]
    public async Task Update_OfOneFlag_LeavesTheOthers()
    {
        var (admin, person) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());
        using var first = await UpdateAsync(admin, person, new { permissions = new { solder_full = true, mods_delete = true } });

        using var second = await UpdateAsync(admin, person, new { permissions = new { solder_full = false } });

        var flags = (await second.ReadJsonAsync()).GetProperty("permissions").EnumerateObject().Where(flag => flag.Value.GetBoolean()).Select(flag => flag.Name);
        Assert.Equal(["mods_delete"], flags);
    }

    [Fact]
    public async Task Update_ThatChangesNothing_IsToldToNobody()
    {
        var (admin, person) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());

        using var answer = await UpdateAsync(admin, person, new { role = "player", plan = "free", permissions = new { }, suspended = false });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT revision FROM accounts WHERE id = $1", person.Id));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE subject_id = $1 AND action = 'account.changed_by_admin'", person.Id));
    }

    [Fact]
    public async Task Update_ToPlayer_TakesTheScopesFromTokens()
    {
        var (admin, owner) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync(Role.ServerOwner));
        var (_, token) = await IdentityApi.MintAsync(owner);

        using var answer = await UpdateAsync(admin, owner, new { role = "player" });

        Assert.Equal([Scopes.Favorites], (await api.ResolveAsync(CredentialKind.Token, token))!.Scopes);
    }

    [Fact]
    public async Task Suspend_OfAnAccount_EndsSessionsAndRefusesTokensAndSignInUntilItIsLifted()
    {
        await using var changed = await api.ObserveAsync<AccountChanged>();
        var (admin, person) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());
        var (_, token) = await IdentityApi.MintAsync(person);

        using var suspended = await UpdateAsync(admin, person, new { suspended = true });

        var account = await suspended.ReadJsonAsync();
        Assert.True(account.GetProperty("suspended").GetBoolean());
        Assert.NotNull(account.GetProperty("suspendedAt").GetString());
        await changed.FirstAsync(news => news.AccountId == person.Id && news.Revision == 2);
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, token));
        using (var wrong = await SignInAsync(person, "not the password")) await wrong.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        using (var right = await SignInAsync(person, IdentityApi.Password)) await right.AssertErrorAsync(HttpStatusCode.Forbidden, "account_suspended");

        using var lifted = await UpdateAsync(admin, person, new { suspended = false });

        Assert.Equal(HttpStatusCode.OK, lifted.StatusCode);
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Token, token));
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie)); // it ended
        using var again = await SignInAsync(person, IdentityApi.Password);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Update_OfAnUnknownAccount_Answers404BeforeTheBodyIsRead()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        foreach (var id in new[] { Guid.NewGuid().ToString(), "not-an-id" })
        {
            using var answer = await BadBodies.SendAsync(admin.Client, HttpMethod.Patch, $"/api/v1/admin/accounts/{id}", "{");
            await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
            using var read = await admin.Client.GetAsync($"/api/v1/admin/accounts/{id}");
            await read.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Theory]
    [InlineData("""{"role":"server-owner"}""", "invalid_role")]
    [InlineData("""{"role":"Admin"}""", "invalid_role")]
    [InlineData("""{"role":null}""", "invalid_role")]
    [InlineData("""{"plan":"gold"}""", "invalid_plan")]
    [InlineData("""{"permissions":{"mods_fly":true}}""", "invalid_permissions")]
    [InlineData("""{"permissions":null}""", "invalid_permissions")]
    [InlineData("""{"permissions":{"mods_create":"yes"}}""", "invalid_json")]
    [InlineData("""{"permissions":["mods_create"]}""", "invalid_json")]
    [InlineData("""{"solderModpacks":["a b"]}""", "invalid_solder_modpacks")]
    [InlineData("""{"solderModpacks":[null]}""", "invalid_solder_modpacks")]
    [InlineData("""{"suspended":null}""", "invalid_suspended")]
    [InlineData("""{"suspended":"yes"}""", "invalid_json")]
    public async Task Update_WithABadMember_IsRefused(string json, string code)
    {
        var (admin, person) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());
        using var answer = await BadBodies.SendAsync(admin.Client, HttpMethod.Patch, $"/api/v1/admin/accounts/{person.Id}", json);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Update_WithABadBody_IsRefused()
    {
        var (admin, person) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());
        await BadBodies.AssertRefusedAsync(admin.Client, HttpMethod.Patch, $"/api/v1/admin/accounts/{person.Id}", "plan", tooLong: 200_000);
    }

    [Theory]
    [InlineData("GET", "/api/v1/admin/accounts")]
    [InlineData("GET", "/api/v1/admin/accounts/some")]
    [InlineData("PATCH", "/api/v1/admin/accounts/some")]
    [InlineData("GET", "/api/v1/admin/audit")]
    public Task Route_ByAnyone_TakesAnAdministratorsSessionOnly(string method, string path) => Access.AssertAdminOnlyAsync(api, new HttpMethod(method), path);

    private static Task<HttpResponseMessage> UpdateAsync(Person admin, Person person, object body) => admin.Client.PatchAsJsonAsync($"/api/v1/admin/accounts/{person.Id}", body);

    private async Task<HttpResponseMessage> SignInAsync(Person person, string password)
    {
        using var client = api.CreateClient();
        return await client.PostAsJsonAsync("/api/v1/sessions", new { login = person.Username, password });
    }
}

public sealed class LastAdminTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Update_OfTheLastAdmins_LeavesOne()
    {
        await api.ExecuteAsync("UPDATE accounts SET role = 'player' WHERE role = 'admin'");
        var (first, second) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync(Role.Admin));

        // Each takes the other's role, at the same time: one of them must lose.
        var answers = await Task.WhenAll(
            first.Client.PatchAsJsonAsync($"/api/v1/admin/accounts/{second.Id}", new { role = "player" }),
            second.Client.PatchAsJsonAsync($"/api/v1/admin/accounts/{first.Id}", new { suspended = true }));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        await answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict).AssertErrorAsync(HttpStatusCode.Conflict, "last_admin");
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM accounts WHERE role = 'admin' AND suspended_at IS NULL"));
    }
}
