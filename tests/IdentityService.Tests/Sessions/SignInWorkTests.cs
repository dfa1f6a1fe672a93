using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;

namespace PackRelay.IdentityService.Tests.Sessions;

/// <summary>The service with the work factor of production.</summary>
public sealed class SlowIdentityApi : IdentityApi
{
    protected override int? PasswordRounds => null;
}

public sealed class SignInWorkTests(SlowIdentityApi api) : IClassFixture<SlowIdentityApi>
{
    [Fact]
    public async Task SignIn_WithAnUnknownLogin_TakesAsLongAsWithAWrongPassword()
    {
        var person = await api.NewPersonAsync();
        var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < 4; round++)
        {
            known.Add(await TimeAsync(person.Username));
            unknown.Add(await TimeAsync(IdentityApi.FreshName()));
        }

        Assert.True(unknown.Min() > known.Min() / 2, $"unknown {unknown.Min()}, known {known.Min()}"); // an early answer would be a hundred times faster
    }

    [Fact]
    public async Task Create_Always_HashesWithTheFrameworksWorkFactor()
    {
        var person = await api.NewPersonAsync();

        var stored = await api.ScalarAsync<string>("SELECT password_hash FROM accounts WHERE id = $1", person.Id);

        Assert.Equal(PasswordVerificationResult.Success, new PasswordHasher<Person>().VerifyHashedPassword(person, stored!, IdentityApi.Password)); // not SuccessRehashNeeded
    }

    private async Task<TimeSpan> TimeAsync(string login)
    {
        using var client = api.CreateClient();
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsJsonAsync("/api/v1/sessions", new { login, password = "not the password" });
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        return Stopwatch.GetElapsedTime(started);
    }
}
