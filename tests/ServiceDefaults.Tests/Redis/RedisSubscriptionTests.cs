using System.Text;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RedisSubscriptionTests : IAsyncLifetime
{
    private readonly PrivateRedis server = new();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Subscribe_WhenConfirmed_GetsWhatIsPublished()
    {
        await using var redis = server.CreateClient();
        await using var subscription = redis.Subscribe("news");
        await using var reader = subscription.ReadAllAsync().GetAsyncEnumerator();
        Assert.True((await NextAsync(reader)).IsSubscribed);
        Assert.Equal(0, await redis.PublishAsync("other", "x"));
        Assert.Equal(1, await redis.PublishAsync("news", "first"));
        await redis.PublishAsync("news", "second");
        Assert.Equal("first", Text(await NextAsync(reader)));
        Assert.Equal("second", Text(await NextAsync(reader)));
    }

    [Fact]
    public async Task Subscribe_AfterTheServerWasKilled_IsConfirmedAgain()
    {
        await using var redis = server.CreateClient();
        await using var subscription = redis.Subscribe("news");
        await using var reader = subscription.ReadAllAsync().GetAsyncEnumerator();
        Assert.True((await NextAsync(reader)).IsSubscribed);
        await server.KillAsync();
        await server.StartAsync();
        Assert.True((await NextAsync(reader)).IsSubscribed);
        await RedisWait.ForRecoveryAsync(redis);
        await redis.PublishAsync("news", "after");
        Assert.Equal("after", Text(await NextAsync(reader)));
    }

    [Fact]
    public async Task Subscribe_WhenTheServerFallsSilent_ConnectsAgain()
    {
        var options = RedisConnectionString.Parse(server.ConnectionString);
        options.KeepAlive = TimeSpan.FromSeconds(1);
        options.CommandTimeout = TimeSpan.FromMilliseconds(200);
        await using var redis = new RedisClient(options);
        await using var subscription = redis.Subscribe("news");
        await using var reader = subscription.ReadAllAsync().GetAsyncEnumerator();
        Assert.True((await NextAsync(reader)).IsSubscribed);
        await server.FreezeAsync();
        var next = NextAsync(reader);
        await Wait.UntilAsync(() => !redis.IsListening, "the silence is noticed");
        await server.ThawAsync();
        Assert.True((await next).IsSubscribed);
    }

    [Fact]
    public async Task Dispose_OfOneOfTwoSubscriptions_LeavesTheOther()
    {
        await using var redis = server.CreateClient();
        await using var kept = redis.Subscribe("news");
        await using var reader = kept.ReadAllAsync().GetAsyncEnumerator();
        Assert.True((await NextAsync(reader)).IsSubscribed);
        var given = redis.Subscribe("news");
        await given.DisposeAsync();
        await redis.PublishAsync("news", "still");
        while (true)
        {
            var message = await NextAsync(reader);
            if (message.IsSubscribed)
                continue; // the second subscription was confirmed to both
            Assert.Equal("still", Text(message));
            break;
        }

        await kept.DisposeAsync();
        Assert.False(await reader.MoveNextAsync().AsTask().WaitAsync(Wait.Default));
        await Wait.UntilAsync(async () => await redis.PublishAsync("news", "x") == 0, "the server knows of the end");
    }

    private static async Task<RedisMessage> NextAsync(IAsyncEnumerator<RedisMessage> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Wait.Default));
        return reader.Current;
    }

    private static string Text(RedisMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
