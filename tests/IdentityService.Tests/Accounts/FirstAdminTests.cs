using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.IdentityService.Accounts;

namespace PackRelay.IdentityService.Tests.Accounts;

/// <summary>Each test starts from a hub without an administrator, which is what the fixture's configuration gives.</summary>
public sealed class FirstAdminTests(IdentityApi api) : IClassFixture<IdentityApi>, IAsyncLifetime
{
    private const string Password = "the first password";

    public Task InitializeAsync() => api.ExecuteAsync("DELETE FROM accounts");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Start_WithoutAnAdministrator_MakesOneWhoCanSignIn()
    {
        await StartAsync("root", Password);

        using var client = api.CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/sessions", new { login = "root", password = Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("admin", (await answer.ReadJsonAsync()).GetProperty("role").GetString());
    }

    [Fact]
    public async Task Start_WithAnAdministrator_ChangesNothing()
    {
        await StartAsync("root", Password);
        var before = await AccountsAsync();

        await StartAsync("root", "another password");
        await StartAsync("second", "another password");

        Assert.Equal(before, await AccountsAsync());
    }

    [Fact]
    public async Task Start_OfSeveralReplicas_MakesOne()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => StartAsync($"root{number}", Password)));
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM accounts"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Start_WithoutAPassword_MakesNone(string? password)
    {
        await StartAsync("root", password);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task Start_WithTheNameOfAPlayer_LeavesThePlayerAlone()
    {
        var player = await api.NewPersonAsync();

        await StartAsync(player.Username, Password);

        Assert.Equal("player", await api.ScalarAsync<string>("SELECT role FROM accounts"));
        await api.SignInAsync(player);
    }

    [Theory]
    [InlineData("admin", "short", false)]
    [InlineData("Not A Name", "long enough for us", false)]
    [InlineData("admin", "long enough\nfor us", true)]
    [InlineData("admin", "", true)]
    public void Options_AreCheckedAtStart(string username, string password, bool fine)
    {
        var options = new FirstAdminOptions { Username = username, Password = password };
        Assert.Equal(fine, Validator.TryValidateObject(options, new ValidationContext(options), validationResults: null, validateAllProperties: true));
    }

    private Task StartAsync(string username, string? password) =>
        ActivatorUtilities.CreateInstance<FirstAdmin>(api.Services, Options.Create(new FirstAdminOptions { Username = username, Password = password }))
            .StartAsync(CancellationToken.None);

    private Task<string?> AccountsAsync() => api.ScalarAsync<string>("SELECT json_agg(a)::text FROM accounts a");
}
