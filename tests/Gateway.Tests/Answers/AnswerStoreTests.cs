using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.Gateway.Answers;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Answers;

public sealed class AnswerStoreTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private readonly SteppedClock clock = new();

    [Fact]
    public void Find_WhatWasKept_GivesItUntilItExpires()
    {
        var store = NewStore();
        var answer = Fill(store, "/a", "pack a", life: TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Same(answer, store.Find("/a"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(store.Find("/a"));
    }

    [Fact]
    public void Evict_ByEitherTag_DropsTheAnswerAndItsBytes()
    {
        var store = NewStore();
        foreach (var tag in (string[])["first", "second"])
        {
            Fill(store, "/a", "first", "second");
            Fill(store, "/b", "other");
            store.Evict(tag);
            Assert.Null(store.Find("/a"));
            Assert.NotNull(store.Find("/b"));
            store.Evict("other");
            Assert.Equal(0, store.SizeBytes);
        }
    }

    [Fact]
    public void Evict_WhileAnAnswerIsUnderWay_DoesNotKeepItAndLetsNobodyJoin()
    {
        var store = NewStore();
        var before = store.Join("/a", "pack a", out _);
        store.Evict("pack a");
        var after = store.Join("/a", "pack a", out var isNew);
        Assert.True(isNew);
        store.End(before, NewAnswer());
        Assert.Null(store.Find("/a"));

        var fresh = NewAnswer();
        store.End(after, fresh);
        Assert.Same(fresh, store.Find("/a"));
    }

    [Fact]
    public void Grow_OfAnAnswerThatWasNotKept_CountsNothing()
    {
        var store = NewStore();
        var fill = store.Join("/a", "pack a", out _);
        store.Evict("pack a");
        var answer = NewAnswer();
        store.End(fill, answer);
        store.Grow(answer, 1000); // whoever asked is still served, with a compressed copy
        Assert.Equal(0, store.SizeBytes);
    }

    [Fact]
    public void Clear_WhileAnAnswerIsUnderWay_ForgetsThatToo()
    {
        var store = NewStore();
        Fill(store, "/kept", "pack b");
        var fill = store.Join("/a", "pack a", out _);
        store.Clear();
        store.End(fill, NewAnswer());
        Assert.Null(store.Find("/a"));
        Assert.Null(store.Find("/kept"));
        Assert.Equal(0, store.SizeBytes);
    }

    [Fact]
    public async Task Join_WhatIsUnderWay_WaitsForTheSameAnswer()
    {
        var store = NewStore();
        var fill = store.Join("/a", "pack a", out var isNew);
        Assert.True(isNew);
        Assert.Same(fill, store.Join("/a", "pack a", out isNew));
        Assert.False(isNew);
        var answer = NewAnswer();
        store.End(fill, answer);
        Assert.Same(answer, (await fill.Done).Answer);
        store.Join("/a", "pack a", out isNew);
        Assert.True(isNew);
    }

    [Fact]
    public void End_OverTheCapacity_DropsWhatNobodyAskedFor()
    {
        var store = NewStore(capacity: 80_000); // 60,000 for documents
        Fill(store, "/hot", "pack hot", bytes: 20_000);
        Fill(store, "/cold", "pack cold", bytes: 20_000);
        for (var i = 0; i < 20; i++)
        {
            Assert.NotNull(store.Find("/hot"));
            Fill(store, $"/{i}", $"pack {i}", bytes: 20_000);
            Assert.InRange(store.SizeBytes, 1, 60_000);
        }

        Assert.NotNull(store.Find("/hot"));
        Assert.Null(store.Find("/cold"));
    }

    [Fact]
    public void End_ManyLists_LeavesTheDocuments()
    {
        var store = NewStore(capacity: 80_000);
        Fill(store, "/document", "pack a", bytes: 20_000);
        for (var i = 0; i < 100; i++) Fill(store, $"/{i}", "packs", bytes: 10_000, isList: true);
        Assert.NotNull(store.Find("/document"));
        Assert.InRange(store.SizeBytes, 1, 80_000);
    }

    [Fact]
    public void End_LargerThanItsShare_IsNotKept()
    {
        var store = NewStore(capacity: 80_000);
        Fill(store, "/a", "pack a", bytes: 70_000);
        Assert.Null(store.Find("/a"));
        Assert.Equal(0, store.SizeBytes);
    }

    [Fact]
    public void End_TheSameKeyAgainAndAgain_CountsItOnce()
    {
        var store = NewStore();
        for (var i = 0; i < 5_000; i++) Fill(store, "/a", "packs", bytes: 1_000, isList: true);
        Assert.InRange(store.SizeBytes, 1_000, 3_000);
    }

    [Fact]
    public void Grow_ByACompressedCopy_CountsIt()
    {
        var store = NewStore();
        var answer = Fill(store, "/a", "pack a", bytes: 1_000);
        var before = store.SizeBytes;
        store.Grow(answer, 500);
        Assert.Equal(before + 500, store.SizeBytes);
        store.Evict("pack a");
        Assert.Equal(0, store.SizeBytes);
        store.Grow(answer, 500); // made while it was dropped
        Assert.Equal(0, store.SizeBytes);
    }

    public void Dispose() => services.Dispose();

    private AnswerStore NewStore(long capacity = 1_000_000) =>
        new(Options.Create(new AnswerCacheOptions { CapacityBytes = capacity }), new AnswerMetrics(services.GetRequiredService<IMeterFactory>()), clock);

    private KeptAnswer Fill(AnswerStore store, string key, string tag, string? second = null, int bytes = 100, bool isList = false, TimeSpan? life = null)
    {
        var answer = NewAnswer(bytes, isList, life);
        store.End(store.Join(key, new AnswerRules.Tags(tag, second), out _), answer);
        return answer;
    }

    private KeptAnswer NewAnswer(int bytes = 100, bool isList = false, TimeSpan? life = null) => new(new byte[bytes], new EntityTag("tag", IsWeak: false))
    {
        ContentType = "application/json", CacheControl = "public", Vary = "Accept-Encoding", Headers = [], Limit = new RateLimitPolicy("test", 1, TimeSpan.FromMinutes(1)), Endpoint = null, IsForEverybody = true,
        IsList = isList, ExpiresAt = clock.GetTimestamp() + (life ?? TimeSpan.FromHours(1)).Ticks,
    };
}
