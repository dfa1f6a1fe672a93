using System.Net;
using System.Net.Http.Json;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class AccountCreationLimitTests(AccountCreationLimitTests.TwoAnHour api) : IClassFixture<AccountCreationLimitTests.TwoAnHour>
{
    [Fact]
    public async Task Create_FromOneAddressTooOften_CountsWhatIsWellFormedAndNamesTheWindow()
    {
        for (var i = 0; i < 5; i++)
        {
            using var typo = await CreateAsync("203.0.113.1", "No Name");
            await typo.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_username");
        }

        var taken = IdentityApi.FreshName();
        using (var first = await CreateAsync("203.0.113.1", taken)) Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using (var second = await CreateAsync("203.0.113.1", taken)) await second.AssertErrorAsync(HttpStatusCode.Conflict, "username_taken"); // asking for names costs

        using var refused = await CreateAsync("203.0.113.1", IdentityApi.FreshName());
        Assert.Contains("2 an hour", await refused.AssertErrorAsync(HttpStatusCode.TooManyRequests, "rate_limited"), StringComparison.Ordinal);
        Assert.Equal("2", Assert.Single(refused.Headers.GetValues("RateLimit-Limit")));
        Assert.NotNull(refused.Headers.RetryAfter);

        using var elsewhere = await CreateAsync("203.0.113.2", IdentityApi.FreshName());
        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
    }

    private async Task<HttpResponseMessage> CreateAsync(string address, string username)
    {
        using var client = api.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return await client.PostAsJsonAsync("/api/v1/accounts", new { username, email = $"{Guid.NewGuid():N}@example.org", password = IdentityApi.Password });
    }

    public sealed class TwoAnHour : IdentityApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["RateLimits:AccountCreation:PermitPerHour"] = "2";
        }
    }
}
