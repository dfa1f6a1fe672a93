using System.Collections.Concurrent;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Servers;

namespace PackRelay.ServiceDefaults.Tests.Postgres;

public sealed class SharedCommitTests : IAsyncLifetime
{
    private const string InsertSql = "INSERT INTO numbers SELECT unnest($1)";

    private readonly ConcurrentQueue<int> sizes = new();
    private readonly TaskCompletionSource gate = new();
    private TestPostgres postgres = null!;

    public async Task InitializeAsync()
    {
        postgres = await TestPostgres.CreateAsync();
        await postgres.Source.ExecuteAsync("CREATE TABLE numbers (number integer PRIMARY KEY CHECK (number >= 0))", CancellationToken.None);
    }

    public async Task DisposeAsync() => await postgres.DisposeAsync();

    [Fact]
    public async Task Write_WhileACommitIsUnderWay_GoesTogetherWithTheNext()
    {
        var commits = new SharedCommit<int>(WriteAsync, limit: 10);
        var writing = Enumerable.Range(0, 26).Select(number => commits.WriteAsync(number, CancellationToken.None)).ToList();
        gate.SetResult();
        await Task.WhenAll(writing);

        Assert.InRange(sizes.Count, 3, 4); // the first began with what was there: 1 to 10
        Assert.All(sizes, size => Assert.InRange(size, 1, 10));
        Assert.Equal(26, await CountAsync());
    }

    [Fact]
    public async Task Write_BesideAnItemThatIsRefused_IsCommittedAllTheSame()
    {
        var commits = new SharedCommit<int>(WriteAsync);
        var first = commits.WriteAsync(0, CancellationToken.None);
        Task[] others = [commits.WriteAsync(1, CancellationToken.None), commits.WriteAsync(-1, CancellationToken.None), commits.WriteAsync(2, CancellationToken.None)];
        gate.SetResult();

        await first;
        await others[0];
        await Assert.ThrowsAsync<PostgresException>(() => others[1]);
        await others[2];
        Assert.Equal(3, await CountAsync());
        await commits.WriteAsync(3, CancellationToken.None); // and it goes on
        Assert.Equal(4, await CountAsync());
    }

    [Fact]
    public async Task Write_WhenTheDatabaseIsAway_FailsForAllWhoWait()
    {
        var commits = new SharedCommit<int>(async (_, _) =>
        {
            await gate.Task;
            throw new NpgsqlException("away");
        });
        Task[] all = [commits.WriteAsync(1, CancellationToken.None), commits.WriteAsync(2, CancellationToken.None)];
        gate.SetResult();
        foreach (var one in all) await Assert.ThrowsAsync<NpgsqlException>(() => one);
    }

    private async Task WriteAsync(IReadOnlyList<int> numbers, CancellationToken stop)
    {
        await gate.Task;
        await postgres.Source.ExecuteAsync(InsertSql, stop, numbers.ToArray());
        sizes.Enqueue(numbers.Count);
    }

    private Task<long> CountAsync() => postgres.Source.ScalarAsync<long>("SELECT count(*) FROM numbers", CancellationToken.None);
}
