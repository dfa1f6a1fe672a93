using System.Text;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RedisClientTests(PrivateRedis server) : IClassFixture<PrivateRedis>, IAsyncLifetime
{
    private readonly RedisClient redis = server.CreateClient();

    public async Task InitializeAsync() => await redis.ExecuteAsync("FLUSHALL"u8, []);

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Fact]
    public async Task Get_OfWhatWasSet_GivesTheSameBytes()
    {
        var payload = new byte[300_000]; // more than one segment of the pipe, with every byte value in it
        for (var i = 0; i < payload.Length; i++)
            payload[i] = (byte)i;
        await redis.SetAsync("blob", payload);
        Assert.Equal(payload, await redis.GetAsync("blob"));
    }

    [Fact]
    public async Task Get_OfAMissingKey_IsNull() => Assert.Null(await redis.GetAsync("nothing"));

    [Theory]
    [InlineData("")]
    [InlineData("zwölf Ωmega 𝄞")]
    [InlineData("line\r\nbreak $5\r\n")]
    public async Task Set_OfText_KeepsItAsUtf8(string text)
    {
        await redis.SetAsync("text", text);
        Assert.Equal(text, Encoding.UTF8.GetString((await redis.GetAsync("text"))!));
    }

    [Fact]
    public async Task Execute_WithEveryKindOfNumber_SendsInvariantDecimals()
    {
        await redis.ExecuteAsync("RPUSH"u8, ["numbers", long.MinValue, 0, 0.1, -1.7976931348623157E+308]);
        var numbers = (await redis.ExecuteAsync("LRANGE"u8, ["numbers", 0, -1])).AsArray();
        Assert.Equal(["-9223372036854775808", "0", "0.1", "-1.7976931348623157E+308"], numbers.Select(number => number.AsString()));
        Assert.Equal(long.MinValue, numbers[0].AsInteger());
        Assert.Equal(-1.7976931348623157E+308, numbers[3].AsDouble());
    }

    [Fact]
    public async Task Set_WithExpiry_EndsTheKeyAfterIt()
    {
        await redis.SetAsync("short", "x", TimeSpan.FromMilliseconds(1_500));
        Assert.InRange((await redis.ExecuteAsync("PTTL"u8, ["short"])).AsInteger(), 1, 1_500);
        Assert.True(await redis.ExpireAsync("short", TimeSpan.FromMilliseconds(1)));
        await Wait.UntilAsync(async () => await redis.GetAsync("short") is null, "the key has ended");
        Assert.False(await redis.ExpireAsync("short", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task SetIfMissing_WhenTaken_LeavesTheFirstValue()
    {
        Assert.True(await redis.SetIfMissingAsync("lease", "a", TimeSpan.FromMinutes(1)));
        Assert.False(await redis.SetIfMissingAsync("lease", "b", TimeSpan.FromMinutes(1)));
        Assert.Equal("a"u8.ToArray(), await redis.GetAsync("lease"));
        Assert.True(await redis.DeleteAsync("lease"));
        Assert.False(await redis.DeleteAsync("lease"));
    }

    [Fact]
    public async Task GetHash_GivesAllFields()
    {
        await redis.ExecuteAsync("HSET"u8, ["server:a", "players", 3, "seen", 1_700_000_000_000]);
        var hash = await redis.GetHashAsync("server:a");
        Assert.Equal(2, hash.Count);
        Assert.Equal("3", hash["players"]);
        Assert.Empty(await redis.GetHashAsync("server:b"));
        var fields = (await redis.ExecuteAsync("HMGET"u8, ["server:a", "seen", "missing"])).AsArray();
        Assert.Equal(1_700_000_000_000, fields[0].AsInteger());
        Assert.True(fields[1].IsNull);
    }

    [Fact]
    public async Task BitCount_OfSetBits_CountsThem()
    {
        foreach (var minute in new[] { 0, 7, 1_439 })
            await redis.ExecuteAsync("SETBIT"u8, ["uptime", minute, 1]);
        Assert.Equal(3, (await redis.ExecuteAsync("BITCOUNT"u8, ["uptime"])).AsInteger());
    }

    [Fact]
    public async Task Execute_WhenTheServerRefuses_ThrowsItsErrorAndGoesOn()
    {
        await redis.SetAsync("text", "abc");
        var error = await Assert.ThrowsAsync<RedisServerException>(() => redis.IncrementAsync("text"));
        Assert.Equal("ERR", error.Code);
        Assert.Equal(5, await redis.IncrementAsync("counter", 5));
    }

    [Fact]
    public async Task Execute_FromManyTasksAtOnce_GivesEachItsOwnReply()
    {
        // On the pool: the test runner's synchronisation context would be what is measured against the time-out.
        var echoes = await Task.Run(() => Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => redis.ExecuteAsync("ECHO"u8, [i]))));
        Assert.Equal(Enumerable.Range(0, 5_000), echoes.Select(echo => (int)echo.AsInteger()));
    }

    [Fact]
    public async Task Execute_WhenCancelled_KeepsTheRepliesInStep()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.ExecuteAsync("ECHO"u8, ["lost"], cancelled.Token));
        Assert.Equal("found", (await redis.ExecuteAsync("ECHO"u8, ["found"])).AsString());
    }

    [Fact]
    public async Task Execute_OfATransaction_GivesNestedReplies()
    {
        var batch = new RedisBatch();
        batch.Add("MULTI"u8);
        batch.Add("RPUSH"u8, "list", "a", "b");
        batch.Add("LRANGE"u8, "list", 0, -1);
        batch.Add("GET"u8, "nothing");
        var executed = batch.Add("EXEC"u8);
        var results = (await redis.ExecuteAsync(batch))[executed].AsArray();
        Assert.Equal(2, results[0].AsInteger());
        Assert.Equal(["a", "b"], results[1].AsArray().Select(item => item.AsString()));
        Assert.True(results[2].IsNull);
    }

    [Fact]
    public async Task Execute_OfALongArray_GivesAllOfIt()
    {
        var batch = new RedisBatch();
        for (var i = 0; i < 20_000; i++)
            batch.Add("RPUSH"u8, "long", $"element number {i}");
        var replies = await redis.ExecuteAsync(batch);
        Assert.Equal(20_000, replies[^1].AsInteger());
        var all = (await redis.ExecuteAsync("LRANGE"u8, ["long", 0, -1])).AsArray();
        Assert.Equal(20_000, all.Count);
        Assert.Equal("element number 19999", all[^1].AsString());
    }

    [Fact]
    public async Task Execute_OfABatchWithARefusedCommand_AnswersTheOthers()
    {
        var batch = new RedisBatch();
        batch.Add("SET"u8, "text", "abc");
        var refused = batch.Add("INCR"u8, "text");
        var read = batch.Add("GET"u8, "text");
        var replies = await redis.ExecuteAsync(batch);
        Assert.True(replies[refused].IsError);
        Assert.Throws<RedisServerException>(() => replies[refused].AsInteger());
        Assert.Equal("abc", replies[read].AsString());
    }

    [Fact]
    public async Task Clear_LetsABatchServeAgain()
    {
        var batch = new RedisBatch();
        batch.Add("SET"u8, "a", 1);
        await redis.ExecuteAsync(batch);
        batch.Clear();
        Assert.Empty(await redis.ExecuteAsync(batch));
        batch.Add("GET"u8, "a");
        Assert.Equal("1", Assert.Single(await redis.ExecuteAsync(batch)).AsString());
    }
}
