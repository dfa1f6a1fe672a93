using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Callers;

public sealed class CallerCacheLifetimeTests(CallerCacheLifetimeTests.SmallCache api) : IClassFixture<CallerCacheLifetimeTests.SmallCache>
{
    private readonly string path = $"/api/v1/packs/{GatewayApi.NewName()}";

    [Fact]
    public async Task Find_AfterTheLifetime_AsksAgain()
    {
        var (token, _) = api.Identity.NewToken();
        await AskAsync(token);
        api.Steps.Advance(TimeSpan.FromSeconds(49));
        await AskAsync(token);
        Assert.Equal(1, api.Identity.QuestionsAbout(token));
        api.Steps.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(token);
        Assert.Equal(2, api.Identity.QuestionsAbout(token));
    }

    [Fact]
    public async Task Find_ACredentialThatEndsBeforeTheLifetime_IsRefusedWhenItEnds()
    {
        var (token, caller) = api.Identity.NewToken();
        api.Identity.Know(token, caller with { CredentialExpiresAt = api.Steps.GetUtcNow().AddSeconds(10) });
        await AskAsync(token);
        api.Identity.Forget(token); // from now on Identity would refuse it

        api.Steps.Advance(TimeSpan.FromSeconds(9.9));
        using var before = await api.GetAsync(path, token);
        api.Steps.Advance(TimeSpan.FromSeconds(0.1));
        using var after = await api.GetAsync(path, token);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), await GatewayApi.ErrorOf(after));
    }

    [Fact]
    public async Task Find_UnknownTokenAfterAMoment_AsksAgain()
    {
        var token = GatewayApi.NewName();
        await AskAsync(token);
        api.Steps.Advance(TimeSpan.FromSeconds(5));
        await AskAsync(token);
        Assert.Equal(2, api.Identity.QuestionsAbout(token));
    }

    [Fact]
    public async Task AccountChanged_AfterARefusal_AsksAgain()
    {
        var (token, caller) = api.Identity.NewToken();
        api.Identity.Forget(token);
        await AskAsync(token); // suspended

        api.Identity.Know(token, caller);
        await api.PublishAsync(new AccountChanged(Guid.NewGuid(), api.Steps.GetUtcNow(), caller.AccountId, 2, caller.Username, caller.DisplayName, "player", "free"));

        await Wait.UntilAsync(
            async () =>
            {
                using var answer = await api.GetAsync(path, token);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the token is good again, though no time has passed");
    }

    [Fact]
    public async Task Header_After20Seconds_IsMadeAnew()
    {
        var (token, _) = api.Identity.NewToken();
        await AskAsync(token);
        api.Steps.Advance(TimeSpan.FromSeconds(19));
        await AskAsync(token);
        api.Steps.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(token);

        var headers = api.Catalog.Of(path).Select(arrival => arrival.Headers[CallerToken.HeaderName]).ToArray();
        Assert.Equal(headers[0], headers[1]);
        Assert.NotEqual(headers[1], headers[2]);
    }

    [Fact]
    public async Task Find_MoreCallersThanTheCapacity_GoesOnServing()
    {
        var tokens = Enumerable.Range(0, 250).Select(_ => api.Identity.NewToken().Secret).ToArray();
        foreach (var token in tokens) await AskAsync(token);
        await AskAsync(tokens[^1]);
        Assert.Equal(1, api.Identity.QuestionsAbout(tokens[^1]));
    }

    private async Task AskAsync(string token)
    {
        using var answer = await api.GetAsync(path, token);
    }

    public sealed class SmallCache : GatewayApi
    {
        public SteppedClock Steps { get; } = new(TimeProvider.System.GetUtcNow());

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Gateway:Callers:Capacity"] = "100";
            settings["RateLimits:Anonymous:PermitPerMinute"] = "100000";
        }

        protected override void ReplaceServices(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Steps));
    }
}
