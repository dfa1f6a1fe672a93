using System.Net;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Callers;

public sealed class CallerCacheTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    private readonly string path = $"/api/v1/packs/{GatewayApi.NewName()}";

    [Fact]
    public async Task Find_ManyTimes_AsksIdentityOnceAndReusesTheHeader()
    {
        var (token, _) = api.Identity.NewToken();
        for (var i = 0; i < 5; i++) await StatusAsync(token);

        Assert.Equal(1, api.Identity.QuestionsAbout(token));
        Assert.Single(api.Catalog.Of(path).Select(arrival => arrival.Headers[CallerToken.HeaderName]).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Find_ManyAtOnce_AsksIdentityOnce()
    {
        var (token, _) = api.Identity.NewToken();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Hold(token, release.Task);
        var requests = Enumerable.Range(0, 20).Select(_ => StatusAsync(token)).ToArray();
        await Wait.UntilAsync(() => api.Identity.QuestionsAbout(token) == 1, "Identity is asked");
        release.SetResult();

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, api.Identity.QuestionsAbout(token));
    }

    [Fact]
    public async Task Find_UnknownToken_IsRememberedForAMoment()
    {
        var token = GatewayApi.NewName();
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        Assert.Equal(1, api.Identity.QuestionsAbout(token));
    }

    [Fact]
    public async Task TokenRevoked_OnTheBus_EvictsThatCredential()
    {
        var (token, caller) = api.Identity.NewToken();
        var (other, _) = api.Identity.NewToken();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(token), await StatusAsync(other)));

        api.Identity.Forget(token);
        await api.PublishAsync(new TokenRevoked(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), caller.CredentialId, caller.AccountId));

        await Wait.UntilAsync(async () => await StatusAsync(token) == HttpStatusCode.Unauthorized, "the token is refused");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
        Assert.Equal(1, api.Identity.QuestionsAbout(other));
    }

    [Fact]
    public async Task AccountChanged_OnTheBus_ShowsTheNewRole()
    {
        var (token, caller) = api.Identity.NewToken();
        await StatusAsync(token);

        api.Identity.Know(token, caller with { Role = Role.Admin });
        await api.PublishAsync(new AccountChanged(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), caller.AccountId, 2, caller.Username, caller.DisplayName, "admin", "free"));

        await Wait.UntilAsync(
            async () =>
            {
                await StatusAsync(token);
                return api.Identity.Tokens.TryRead(api.Catalog.Of(path)[^1].Headers[CallerToken.HeaderName], out var told) && told.Role == Role.Admin;
            },
            "the service is told the new role");
    }

    [Fact]
    public async Task TokenRevoked_WhileIdentityIsBeingAsked_DoesNotLeaveTheOldAnswer()
    {
        var (token, caller) = api.Identity.NewToken();
        var (witness, other) = api.Identity.NewToken();
        await StatusAsync(witness);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Hold(token, release.Task);
        var request = StatusAsync(token); // Identity has read that the token is good, and has not said so yet
        await Wait.UntilAsync(() => api.Identity.QuestionsAbout(token) == 1, "Identity is asked");

        api.Identity.Forget(token);
        api.Identity.Forget(witness);
        await api.PublishAsync(new TokenRevoked(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), caller.CredentialId, caller.AccountId));
        await api.PublishAsync(new TokenRevoked(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), other.CredentialId, other.AccountId));
        await Wait.UntilAsync(async () => await StatusAsync(witness) == HttpStatusCode.Unauthorized, "the evictions have arrived");
        release.SetResult();

        Assert.Equal(HttpStatusCode.Unauthorized, await request);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        Assert.Equal(2, api.Identity.QuestionsAbout(token));
    }

    [Fact]
    public async Task Find_WhileIdentityFails_IsUnavailableForCredentialsThatAreNotKnown()
    {
        var (known, _) = api.Identity.NewToken();
        var (fresh, _) = api.Identity.NewToken();
        await StatusAsync(known);
        api.Identity.Failure = 500;
        using var refused = await api.GetAsync(path, token: fresh);
        var (withKnown, anonymous) = (await StatusAsync(known), await StatusAsync(null));
        api.Identity.Failure = 0;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await GatewayApi.ErrorOf(refused));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (withKnown, anonymous));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fresh)); // a failure is not remembered
    }

    private void Hold(string token, Task until) => api.Identity.BeforeAnswer = secret => secret == token ? until : Task.CompletedTask;

    private async Task<HttpStatusCode> StatusAsync(string? token)
    {
        using var answer = await api.GetAsync(path, token);
        return answer.StatusCode;
    }
}
