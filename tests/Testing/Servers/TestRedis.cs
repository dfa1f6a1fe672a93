using System.Globalization;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.Testing.Servers;

/// <summary>
/// An empty logical database of the shared Redis, emptied and given back when disposed. Channels of PUBLISH are the server's, not the
/// database's: a test that listens must tell its own messages from others'.
/// </summary>
public sealed class TestRedis : IAsyncDisposable
{
    private readonly int number;
    private readonly RedisClient books; // database 0 remembers which numbers are taken, for all processes that share the server

    private TestRedis(string server, int number, RedisClient books)
    {
        this.number = number;
        this.books = books;
        // Nobody stops this server: an answer that is late is one of a busy machine.
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"{server},defaultDatabase={number},asyncTimeout=60000,connectTimeout=60000");
        Client = new RedisClient(RedisConnectionString.Parse(ConnectionString));
    }

    /// <summary>Connection string of the database.</summary>
    public string ConnectionString { get; }

    /// <summary>A client for the test itself.</summary>
    public RedisClient Client { get; }

    /// <summary>Takes a database that nobody uses.</summary>
    public static async Task<TestRedis> CreateAsync()
    {
        var server = await BackingServers.Shared.RedisAsync();
        var ledger = new RedisClient(RedisConnectionString.Parse(server));
        for (var attempt = 0; attempt < BackingServers.RedisDatabases; attempt++)
        {
            var free = 1 + (int)(await ledger.IncrementAsync("next-database") % (BackingServers.RedisDatabases - 1));
            // The expiry frees the numbers of processes that were killed.
            if (!await ledger.SetIfMissingAsync(Claim(free), Environment.ProcessId, TimeSpan.FromHours(1)))
                continue;
            var taken = new TestRedis(server, free, ledger);
            await taken.Client.ExecuteAsync("FLUSHDB"u8, []);
            return taken;
        }

        throw new InvalidOperationException("All Redis databases are taken.");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Client.ExecuteAsync("FLUSHDB"u8, []);
        await Client.DisposeAsync();
        await books.DeleteAsync(Claim(number));
        await books.DisposeAsync();
    }

    private static string Claim(int number) => string.Create(CultureInfo.InvariantCulture, $"database-taken:{number}");
}
