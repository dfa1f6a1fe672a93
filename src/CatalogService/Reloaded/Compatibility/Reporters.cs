using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>Who reports, as far as the hub keeps it.</summary>
/// <param name="Day">The day in UTC.</param>
/// <param name="Hash">16 bytes; another one for the same address on another day.</param>
/// <param name="StaticDueAt">When the static files of what is reported should be written at the latest.</param>
internal sealed record Reporter(DateOnly Day, byte[] Hash, DateTimeOffset StaticDueAt);

/// <summary>
/// Tells reporters of one day apart without knowing them: HMAC-SHA256 of the address under a key of that day. The key is made of random bytes in the database and of the hub's secret: neither alone is
/// enough to try all addresses, and the random half is removed when the day is over.
/// </summary>
internal sealed class Reporters(NpgsqlDataSource db, IOptions<CallerOptions> callers, IOptions<ReloadedOptions> options, TimeProvider clock)
{
    private const int HashBytes = 16;

    private const int KeyBytes = 32;

    private const string KeySql = """
        WITH made AS (INSERT INTO reloaded_reporter_keys (day, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key)
        SELECT key FROM made UNION ALL SELECT key FROM reloaded_reporter_keys WHERE day = $1
        """;

    // A request that began just before midnight may still be under way: the day before goes an hour later.
    private const string ForgetSql = "WITH keys AS (DELETE FROM reloaded_reporter_keys WHERE day < $1) DELETE FROM reloaded_reports WHERE day < $1";

    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private volatile DayKey? today;

    public async ValueTask<Reporter> IdentifyAsync(IPAddress? address, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        if (today is not { } key || key.Day != day) today = key = await ReadKeyAsync(day, stop);
        var subject = Encoding.UTF8.GetBytes(RateLimitSubject.Of(address)); // IPv6 by its network: one subscriber has many addresses
        return new Reporter(day, HMACSHA256.HashData(key.Key, subject)[..HashBytes], now + options.Value.StaticReportsInterval);
    }

    /// <summary>Removes what is left of days that are over. Gives the number of reports.</summary>
    public Task<int> ForgetAsync(CancellationToken stop) => db.ExecuteAsync(ForgetSql, stop, DateOnly.FromDateTime((clock.GetUtcNow() - Grace).UtcDateTime));

    private async Task<DayKey> ReadKeyAsync(DateOnly day, CancellationToken stop)
    {
        var half = await db.ScalarAsync<byte[]>(KeySql, stop, day, RandomNumberGenerator.GetBytes(KeyBytes))
            ?? await db.ScalarAsync<byte[]>(KeySql, stop, day, RandomNumberGenerator.GetBytes(KeyBytes)); // another replica made it in that moment: the first statement could not see it yet
        return new DayKey(day, HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(callers.Value.SigningKey), KeyBytes, salt: half!, info: "packrelay compatibility reporters"u8.ToArray()));
    }

    private sealed record DayKey(DateOnly Day, byte[] Key);
}
