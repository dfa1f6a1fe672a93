using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class CreateAccountTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private readonly HttpClient client = api.CreateClient();

    [Fact]
    public async Task Create_WithAllFields_AnswersTheAccount()
    {
        var username = IdentityApi.FreshName();

        using var answer = await CreateAsync(username, displayName: " Ada Lovelace ");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var account = await answer.ReadJsonAsync();
        Assert.Equal(["id", "username", "displayName", "role", "plan", "image"], account.Members());
        Assert.Equal(username, account.GetProperty("username").GetString());
        Assert.Equal("Ada Lovelace", account.GetProperty("displayName").GetString());
        Assert.Equal("player", account.GetProperty("role").GetString());
        Assert.Equal("free", account.GetProperty("plan").GetString());
        Assert.Equal(JsonValueKind.Null, account.GetProperty("image").ValueKind);
    }

    [Fact]
    public async Task Create_WithoutDisplayName_ShowsTheUsername()
    {
        var username = IdentityApi.FreshName();

        using var answer = await CreateAsync(username);

        Assert.Equal(username, (await answer.ReadJsonAsync()).GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Create_WithMembersOfTheAnswer_IgnoresThem()
    {
        var username = IdentityApi.FreshName();

        using var answer = await client.PostAsJsonAsync(
            "/api/v1/accounts", new { username, email = $"{username}@example.org", password = IdentityApi.Password, role = "admin", plan = "pro", id = Guid.Empty });

        var account = await answer.ReadJsonAsync();
        Assert.Equal("player", account.GetProperty("role").GetString());
        Assert.Equal("free", account.GetProperty("plan").GetString());
        Assert.NotEqual(Guid.Empty, account.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Create_Always_PublishesTheAccount()
    {
        await using var changed = await api.ObserveAsync<AccountChanged>();
        var username = IdentityApi.FreshName();

        using var answer = await CreateAsync(username);

        var id = (await answer.ReadJsonAsync()).GetProperty("id").GetGuid();
        var told = await changed.FirstAsync(account => account.AccountId == id);
        Assert.Equal((username, username, "player", "free", 1L), (told.Username, told.DisplayName, told.Role, told.Plan, told.Revision));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("a23456789012345678901234567890123")]
    [InlineData("Alice")]
    [InlineData("-alice")]
    [InlineData("alice.")]
    [InlineData("al ice")]
    [InlineData("al_ice")]
    [InlineData("al@ice")]
    [InlineData("älice")]
    [InlineData("alice\n")]
    [InlineData("")]
    public async Task Create_WithABadUsername_IsRefused(string username)
    {
        using var answer = await CreateAsync(username, email: "bad-name@example.org");
        Assert.Contains("3 to 32", await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_username"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("a.b-c")]
    [InlineData("0a2345678901234567890123456789.9")]
    public async Task Create_WithAnUnusualUsername_Succeeds(string username)
    {
        using var answer = await CreateAsync(username);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.org")]
    [InlineData("a@b")]
    [InlineData("a@b@example.org")]
    [InlineData("a b@example.org")]
    [InlineData("a..b@example.org")]
    [InlineData("a@-example.org")]
    [InlineData("a@example..org")]
    [InlineData("a@example.org\n")]
    [InlineData("ä@example.org")]
    public async Task Create_WithABadEmail_IsRefused(string email)
    {
        using var answer = await CreateAsync(IdentityApi.FreshName(), email: email);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_email");
    }

    [Fact]
    public async Task Create_WithAnEmailOverTheLimit_IsRefused()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));

        using var answer = await CreateAsync(IdentityApi.FreshName(), email: $"someone-with-a-long-name@{domain}");

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_email");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(1025)]
    public async Task Create_WithAPasswordOfTheWrongLength_IsRefused(int length)
    {
        using var answer = await CreateAsync(IdentityApi.FreshName(), password: new string('p', length));
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "weak_password");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1024)]
    public async Task Create_WithAPasswordAtALimit_Succeeds(int length)
    {
        using var answer = await CreateAsync(IdentityApi.FreshName(), password: new string('ü', length));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData("turned \u202E round")]
    [InlineData("\u200B")]
    public async Task Create_WithABadDisplayName_IsRefused(string displayName)
    {
        using var answer = await CreateAsync(IdentityApi.FreshName(), displayName: displayName);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_display_name");
    }

    [Fact]
    public async Task Create_WithATakenUsername_Answers409()
    {
        var username = IdentityApi.FreshName();
        using var first = await CreateAsync(username);

        using var second = await CreateAsync(username, email: "other@example.org");

        await second.AssertErrorAsync(HttpStatusCode.Conflict, "username_taken");
    }

    [Fact]
    public async Task Create_WithATakenEmailInAnotherCase_Answers409()
    {
        var username = IdentityApi.FreshName();
        using var first = await CreateAsync(username);

        using var second = await CreateAsync(IdentityApi.FreshName(), email: $"{username}@EXAMPLE.org");

        await second.AssertErrorAsync(HttpStatusCode.Conflict, "email_taken");
    }

    [Fact]
    public async Task Create_WithTheAdministratorsName_Answers409()
    {
        using var answer = await CreateAsync("admin");
        await answer.AssertErrorAsync(HttpStatusCode.Conflict, "username_taken");
    }

    [Fact]
    public async Task Create_OfOneNameAtTheSameTime_LetsOneWin()
    {
        var username = IdentityApi.FreshName();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => CreateAsync(username, email: $"{username}{number}@example.org")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            await answer.AssertErrorAsync(HttpStatusCode.Conflict, "username_taken");
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM accounts WHERE username = $1", username));
    }

    [Fact]
    public async Task Create_Always_StoresNoPassword()
    {
        var username = IdentityApi.FreshName();
        using var answer = await CreateAsync(username);

        var row = await api.ScalarAsync<string>("SELECT to_jsonb(a)::text FROM accounts a WHERE username = $1", username);

        Assert.DoesNotContain(IdentityApi.Password, row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"email":"a@example.org","password":"long enough"}""")]
    [InlineData("""{"username":"alice","password":"long enough"}""")]
    [InlineData("""{"username":"alice","email":"a@example.org"}""")]
    [InlineData("""{"username":null,"email":"a@example.org","password":"long enough"}""")]
    public async Task Create_WithoutAMember_IsRefused(string json)
    {
        using var answer = await BadBodies.SendAsync(client, HttpMethod.Post, "/api/v1/accounts", json);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
    }

    [Fact]
    public Task Create_WithABadBody_IsRefused() => BadBodies.AssertRefusedAsync(client, HttpMethod.Post, "/api/v1/accounts", "username");

    [Fact]
    public async Task Create_WithAnotherMethod_Answers405()
    {
        using var answer = await client.GetAsync("/api/v1/accounts");
        await answer.AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    private Task<HttpResponseMessage> CreateAsync(string username, string? email = null, string password = IdentityApi.Password, string? displayName = null) =>
        client.PostAsJsonAsync("/api/v1/accounts", new { username, email = email ?? $"{username}@example.org", password, displayName });
}
