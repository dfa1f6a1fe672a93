using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RedisScriptTests(PrivateRedis server) : IClassFixture<PrivateRedis>, IAsyncLifetime
{
    private static readonly RedisScript AddTo = new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private static readonly RedisScript Join = new("return KEYS[1] .. '/' .. ARGV[1] .. '/' .. ARGV[2]");
    private readonly RedisClient redis = server.CreateClient();

    public async Task InitializeAsync()
    {
        await redis.ExecuteAsync("FLUSHALL"u8, []);
        await redis.ExecuteAsync("SCRIPT"u8, ["FLUSH"]);
        await redis.ExecuteAsync("CONFIG"u8, ["RESETSTAT"]);
    }

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Fact]
    public async Task Execute_OfAnUnknownScript_RunsItOnceAndMakesItKnown()
    {
        Assert.Equal(5, (await redis.ExecuteAsync(AddTo, ["n"], [5])).AsInteger());
        Assert.Equal(7, (await redis.ExecuteAsync(AddTo, ["n"], [2])).AsInteger());
        var statistics = (await redis.ExecuteAsync("INFO"u8, ["commandstats"])).AsString()!;
        Assert.Contains("cmdstat_eval:calls=1,", statistics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_OfABatchWithUnknownScripts_AnswersEachInItsPlace()
    {
        var batch = new RedisBatch();
        batch.Add(AddTo, ["n"], [1]);
        batch.Add("ECHO"u8, "between");
        batch.Add(Join, ["k"], ["a", "b"]);
        batch.Add(AddTo, ["n"], [10]);
        batch.Add(Join, ["k"], ["c", "d"]);
        var replies = await redis.ExecuteAsync(batch);
        Assert.Equal(["1", "between", "k/a/b", "11", "k/c/d"], replies.Select(reply => reply.AsString()));
        Assert.Equal("22", (await redis.ExecuteAsync(batch))[3].AsString()); // known by now: one round trip, in order
    }

    [Fact]
    public async Task Execute_OfAFailingScript_ThrowsTheServersError()
    {
        await redis.SetAsync("text", "abc");
        await Assert.ThrowsAsync<RedisServerException>(() => redis.ExecuteAsync(AddTo, ["text"], [1]));
    }
}
