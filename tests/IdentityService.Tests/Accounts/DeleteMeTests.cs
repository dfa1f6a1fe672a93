using System.Net;
using System.Net.Http.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Http;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class DeleteMeTests(DeleteMeTests.WithCatalog api) : IClassFixture<DeleteMeTests.WithCatalog>
{
    private const string Path = "/api/v1/me";

    [Fact]
    public async Task Delete_EmptyAccount_ForgetsThePersonAndEndsEveryCredential()
    {
        await using var revoked = await api.ObserveAsync<TokenRevoked>();
        await using var changed = await api.ObserveAsync<AccountChanged>();
        var person = await api.NewPersonAsync(Role.ServerOwner);
        await person.Client.PatchAsJsonAsync(Path, new { displayName = "A Person", image = "https://example.org/me.png", minecraftName = "person" });
        var (tokenId, token) = await IdentityApi.MintAsync(person);
        using var client = await person.Client.PostAsJsonAsync("/api/v1/me/clients", new { name = "a client" });
        Assert.Equal(HttpStatusCode.Created, client.StatusCode);

        using var answer = await DeleteAsync(person);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("packrelay_session=;", answer.SetCookie(), StringComparison.Ordinal);
        Assert.Null(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, token));
        foreach (var id in new[] { tokenId, person.Caller.CredentialId }) await revoked.FirstAsync(told => told.CredentialId == id && told.AccountId == person.Id);
        var last = await changed.FirstAsync(told => told.AccountId == person.Id && told.Deleted);
        Assert.Equal((person.Username, "Deleted account", "player"), (last.Username, last.DisplayName, last.Role));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM clients WHERE account_id = $1", person.Id));
        Assert.True(await api.ScalarAsync<bool>(
            "SELECT email IS NULL AND image IS NULL AND minecraft_name IS NULL AND minecraft_uuid IS NULL AND display_name = 'Deleted account' AND password_hash = '' FROM accounts WHERE id = $1", person.Id));
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'account.deleted' AND actor_id = $1", person.Id));
    }

    [Fact]
    public async Task Delete_Twice_LeavesTheUsernameTakenAndTheAddressFree()
    {
        var person = await api.NewPersonAsync();
        using var first = await DeleteAsync(person);
        using var second = await DeleteAsync(person);
        Assert.Equal(HttpStatusCode.Unauthorized, (await DeleteAsync(person)).StatusCode);

        using var anyone = api.CreateClient();
        foreach (var login in new[] { person.Username, person.Email })
        {
            using var signIn = await anyone.PostAsJsonAsync("/api/v1/sessions", new { login, password = IdentityApi.Password });
            await signIn.AssertErrorAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        }

        using var again = await anyone.PostAsJsonAsync("/api/v1/accounts", new { username = person.Username, email = "other@example.org", password = IdentityApi.Password });
        await again.AssertErrorAsync(HttpStatusCode.Conflict, "username_taken");
        using var other = await anyone.PostAsJsonAsync("/api/v1/accounts", new { username = IdentityApi.FreshName(), email = person.Email, password = IdentityApi.Password });
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 2)]
    public async Task Delete_AccountThatOwnsSomething_IsRefused(int packs, int servers)
    {
        var person = await api.NewPersonAsync();
        api.Own(person.Id, packs, servers);
        using var answer = await DeleteAsync(person);
        Assert.Contains($"{packs} packs and {servers} servers", await answer.AssertErrorAsync(HttpStatusCode.Conflict, "account_not_empty"), StringComparison.Ordinal);
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task Delete_WithAWrongPassword_IsRefused()
    {
        var person = await api.NewPersonAsync();
        using var answer = await DeleteAsync(person, "not the password");
        Assert.Contains("password:", await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "wrong_password"), StringComparison.Ordinal);
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task Delete_WhileTheCatalogIsAway_IsUnavailableAndChangesNothing()
    {
        var person = await api.NewPersonAsync();
        api.Own(person.Id, packs: -1, servers: 0);
        using var answer = await DeleteAsync(person);
        await answer.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(await api.ResolveAsync(CredentialKind.Session, person.Cookie));
    }

    [Fact]
    public async Task Delete_WithAToken_IsRefused()
    {
        var (_, token) = await IdentityApi.MintAsync(await api.NewPersonAsync());
        using var client = await api.TokenClientAsync(token);
        using var answer = await SendAsync(client, IdentityApi.Password);
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Delete_TheLastAdministrator_IsRefused()
    {
        await api.ExecuteAsync("UPDATE accounts SET role = 'player' WHERE role = 'admin'");
        var (last, other) = (await api.NewPersonAsync(Role.Admin), await api.NewPersonAsync());
        using var refused = await DeleteAsync(last);
        await refused.AssertErrorAsync(HttpStatusCode.Conflict, "last_admin");
        await api.ExecuteAsync("UPDATE accounts SET role = 'admin' WHERE id = $1", other.Id);
        using var answer = await DeleteAsync(last);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        using var admin = api.CreateClient((await api.SignInAsync(other)).Caller);
        using var gone = await admin.GetAsync($"/api/v1/admin/accounts/{last.Id}");
        await gone.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        using var found = await admin.GetAsync($"/api/v1/admin/accounts?q={last.Username}");
        Assert.Equal(0, (await found.ReadJsonAsync()).GetProperty("accounts").GetArrayLength());
        using var revived = await admin.PatchAsJsonAsync($"/api/v1/admin/accounts/{last.Id}", new { suspended = false });
        await revived.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static Task<HttpResponseMessage> DeleteAsync(Person person, string password = IdentityApi.Password) => SendAsync(person.Client, password);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string password) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, Path) { Content = JsonContent.Create(new { password }) });

    /// <summary>With a stand-in for the catalog's internal route.</summary>
    public sealed class WithCatalog : IdentityApi
    {
        private readonly Dictionary<string, (int Packs, int Servers)> owners = new(StringComparer.Ordinal);

        private WebhookReceiver? catalog;

        public override async Task InitializeAsync()
        {
            catalog = await WebhookReceiver.StartAsync();
            catalog.Answer(Property);
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await catalog!.DisposeAsync();
        }

        /// <summary>What an account owns; with less than nothing the catalog fails.</summary>
        public void Own(Guid accountId, int packs, int servers)
        {
            lock (owners) owners[$"/internal/accounts/{accountId}/property"] = (packs, servers);
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["services:catalog:http:0"] = catalog!.Url.ToString();
        }

        private ReceiverAnswer Property(ReceivedRequest request)
        {
            (int Packs, int Servers) owned;
            lock (owners) owned = owners.GetValueOrDefault(request.Target);
            return owned.Packs < 0 ? new ReceiverAnswer(HttpStatusCode.InternalServerError) : new ReceiverAnswer(HttpStatusCode.OK) { Body = $$"""{"packs":{{owned.Packs}},"servers":{{owned.Servers}}}""" };
        }
    }
}
