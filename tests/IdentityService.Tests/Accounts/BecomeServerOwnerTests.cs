using System.Net;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class BecomeServerOwnerTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/me/server-owner";

    [Fact]
    public async Task Become_AsAPlayer_ChangesTheRole()
    {
        await using var changed = await api.ObserveAsync<AccountChanged>();
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.PostAsync(Path, content: null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("server_owner", (await answer.ReadJsonAsync()).GetProperty("role").GetString());
        var told = await changed.FirstAsync(account => account.AccountId == person.Id && account.Role == "server_owner");
        Assert.Equal(2, told.Revision);
        var caller = await api.ResolveAsync(CredentialKind.Session, person.Cookie);
        Assert.Equal(Role.ServerOwner, caller!.Role);
        Assert.True(caller.Scopes.SetEquals(Scopes.All));
    }

    [Fact]
    public async Task Become_Again_ChangesNothing()
    {
        var person = await api.NewPersonAsync();
        using var first = await person.Client.PostAsync(Path, content: null);

        using var second = await person.Client.PostAsync(Path, content: null);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(2, await api.ScalarAsync<long>("SELECT revision FROM accounts WHERE id = $1", person.Id));
    }

    [Fact]
    public async Task Become_AsAdministrator_KeepsTheRole()
    {
        var person = await api.NewPersonAsync(Role.Admin);
        using var answer = await person.Client.PostAsync(Path, content: null);
        Assert.Equal("admin", (await answer.ReadJsonAsync()).GetProperty("role").GetString());
    }

    [Fact]
    public async Task Become_WithAToken_IsForbidden()
    {
        var person = await api.NewPersonAsync();
        using var client = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);
        using var answer = await client.PostAsync(Path, content: null);
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Become_WithoutCredentials_Answers401()
    {
        using var client = api.CreateClient();
        using var answer = await client.PostAsync(Path, content: null);
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Become_OfAnAccountThatIsGone_Answers401()
    {
        using var client = api.CreateClient(TestCallers.Session("gone"));
        using var answer = await client.PostAsync(Path, content: null);
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}

/// <summary>A hub whose administrator makes the server owners.</summary>
public sealed class ApprovingIdentityApi : IdentityApi
{
    protected override void Configure(IDictionary<string, string?> settings) => settings["Identity:SelfServiceServerOwner"] = "false";
}

public sealed class BecomeServerOwnerWithApprovalTests(ApprovingIdentityApi api) : IClassFixture<ApprovingIdentityApi>
{
    [Fact]
    public async Task Become_WhereTheAdministratorDecides_IsRefused()
    {
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.PostAsync("/api/v1/me/server-owner", content: null);

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "approval_required");
        Assert.Equal(Role.Player, (await api.ResolveAsync(CredentialKind.Session, person.Cookie))!.Role);
    }
}
