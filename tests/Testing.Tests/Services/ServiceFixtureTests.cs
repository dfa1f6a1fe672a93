using System.Net;
using System.Net.Http.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing.Services;
using Xunit.Sdk;

namespace PackRelay.Testing.Tests.Services;

public sealed class ServiceFixtureTests(SampleApi api) : IClassFixture<SampleApi>
{
    [Fact]
    public async Task CreateClient_WithACaller_IsThatCaller()
    {
        using var somebody = api.CreateClient(TestCallers.Session("ada"));
        using var nobody = api.CreateClient();
        Assert.Equal("ada", await somebody.GetStringAsync("/whoami"));
        Assert.Equal("nobody", await nobody.GetStringAsync("/whoami"));
    }

    [Fact]
    public async Task Clock_WhenMoved_MovesTheServicesTime()
    {
        using var client = api.CreateClient(TestCallers.Session("ada"));
        api.Clock.Advance(TimeSpan.FromMinutes(5)); // longer than a caller's header lives
        Assert.Equal(api.Clock.GetUtcNow(), await client.GetFromJsonAsync<DateTimeOffset>("/now"));
        Assert.Equal("ada", await client.GetStringAsync("/whoami"));
    }

    [Fact]
    public async Task Health_WithAllServers_IsGood()
    {
        using var client = api.CreateClient();
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Redis_IsTheServicesOwn()
    {
        using var client = api.CreateClient();
        using var response = await client.PostAsync("/visits", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1"u8.ToArray(), await api.Redis.GetAsync("visits"));
    }

    [Fact]
    public async Task Observe_OfAnEventWrittenToTheOutbox_SeesIt()
    {
        await using var probe = await api.ObserveAsync<KeyRevoked>();
        var revoked = Revoked("ada/2026");
        await using (var connection = await api.Postgres.Source.OpenConnectionAsync())
            await connection.PublishAsync("key:ada/2026", revoked, CancellationToken.None);
        Assert.Equal(revoked, await probe.FirstAsync(hubEvent => hubEvent.EventId == revoked.EventId));
        await api.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task AssertNothingLeft_WithAMessageThatWasGivenUp_Fails()
    {
        var own = new SampleApi();
        await own.InitializeAsync();
        var ended = false;
        try
        {
            await own.PublishAsync(Revoked(RefusingConsumer.RefusedKey));
            await own.WaitUntilAsync(async () => await own.Broker.FailedAsync() is ["sample_error"], TimeSpan.FromSeconds(40), "the message is given up");
            var error = await Assert.ThrowsAsync<XunitException>(own.DisposeAsync);
            ended = true;
            Assert.Contains("sample_error", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            if (!ended)
                await own.DisposeAsync();
        }
    }

    private KeyRevoked Revoked(string key) => new(Guid.NewGuid(), api.Clock.GetUtcNow(), key, Guid.NewGuid());
}
