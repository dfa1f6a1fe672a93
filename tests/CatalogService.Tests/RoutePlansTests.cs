using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests;

/// <summary>
/// Whatever the requests of a whole catalogue ask of the database, no table may be read from end to end for it: Postgres itself counts such readings.
/// </summary>
public sealed class RoutePlansTests(QueryPlanTests.FullCatalog api) : IClassFixture<QueryPlanTests.FullCatalog>
{
    private const string ScansSql = "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY ($1) ORDER BY relname";

    private const string TablesWereMadeSql = "SELECT seq_scan > 0 FROM pg_stat_user_tables WHERE relname = 'accounts'";

    private const string OldConnectionsAreClosedSql = """
        SELECT NOT EXISTS (
               SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND backend_start < $1
                  AND query <> 'LISTEN outbox' AND query NOT LIKE '%FROM bundles b%')
        """;

    private static readonly string[] Tables =
        ["accounts", "deleted_servers", "pack_keys", "pack_members", "pack_transfers", "pack_versions", "packs", "publisher_keys", "server_live", "servers"];

    [Fact]
    public async Task Routes_OnAFullCatalog_ReadNoTableFromEndToEnd()
    {
        var owner = api.NewPublisher();
        var before = await ScansAsync();
        var (slug, server) = (await owner.PublishPackAsync("1.0.0", "1.1.0"), await owner.CreateServerAsync());
        await owner.Client.PutAsJsonAsync($"/api/v1/servers/{server}/pack", new { slug, version = "1.0.0" }).JsonAsync();
        await owner.Client.PutAsJsonAsync($"/api/v1/servers/{server}/pack", new { slug }).JsonAsync();
        foreach (var path in Reads(slug, server, owner.KeyId.ToString()))
        {
            using var response = await owner.Client.GetAsync("/api/v1/" + path);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        }

        var pack = $"/api/v1/packs/{slug}";
        await owner.Client.PatchAsJsonAsync(pack, new { name = "New" }).JsonAsync();
        await owner.Client.PostAsync($"{pack}/members", new { username = "u7", role = "publisher" }).JsonAsync(System.Net.HttpStatusCode.Created);
        await owner.Client.DeleteAsync($"{pack}/members/u7").SucceedsAsync();
        await owner.Client.PostAsync($"{pack}/transfer", new { username = "u8" }).JsonAsync(System.Net.HttpStatusCode.Created);
        await owner.Client.DeleteAsync($"{pack}/transfer").SucceedsAsync();
        await owner.Client.PostAsync($"{pack}/versions/1.1.0/withdraw", new { reason = "x" }).SucceedsAsync();
        await owner.Client.DeleteAsync($"{pack}/versions/1.1.0/withdraw").SucceedsAsync();
        await owner.Client.PatchAsJsonAsync($"/api/v1/servers/{server}", new { name = "New" }).JsonAsync();
        await owner.Client.DeleteAsync(pack).SucceedsAsync();
        await owner.CreatePackAsync(slug);
        await owner.Client.DeleteAsync($"/api/v1/servers/{server}").SucceedsAsync();
        await owner.CreateServerAsync(server);
        await owner.Client.DeleteAsync($"/api/v1/keys/{owner.KeyId}").SucceedsAsync();

        var after = await ScansAsync();
        Assert.Equal(before, after);
        Assert.True(await api.ScalarAsync<long>("SELECT idx_scan FROM pg_stat_user_tables WHERE relname = 'packs'") > 100, "the counts have arrived");
    }

    private static IEnumerable<string> Reads(string slug, string server, string keyId)
    {
        foreach (var sort in new[] { "popular", "recent", "name", "trending", "relevance" })
        {
            foreach (var filter in new[] { "", "&tag=tag77", "&game=7d2d", "&game=rare", "&q=name77", "&q=name77&game=7d2d", "&q=naem77777", "&offset=50" })
                yield return $"packs?sort={sort}{filter}";
        }

        foreach (var sort in new[] { "players", "recent", "name", "favorites" })
        {
            foreach (var filter in new[] { "", "&region=eu", "&region=sa", "&game=rare", $"&pack={slug}", "&online=true", "&online=false", "&offset=50" })
                yield return $"servers?sort={sort}{filter}";
        }

        foreach (var part in new[] { "", "/versions", "/versions/1.0.0", "/manifest", "/manifest/1.0.0", "/diff?from=1.0.0&to=1.1.0", "/members" })
            yield return $"packs/{slug}{part}";
        foreach (var path in new[] { $"servers/{server}", $"servers/{server}/manifest", $"keys/{keyId}", "me/keys", "me/packs", "me/servers", "me/transfers" })
            yield return path;
    }

    /// <summary>
    /// The counts, once every connection that the service had so far has handed in its own: they do so when they close. Those that wait for notifications stay;
    /// one of them may have made the tables before, and hands that in within ten seconds.
    /// </summary>
    private async Task<IEnumerable<string>> ScansAsync()
    {
        var service = api.Services.GetRequiredService<NpgsqlDataSource>();
        var now = await api.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await api.WaitUntilAsync(
            async () =>
            {
                service.Clear(); // each time: those in use are closed when they are given back
                api.Postgres.Source.Clear();
                return await api.ScalarAsync<bool>(OldConnectionsAreClosedSql, now) && await api.ScalarAsync<bool>(TablesWereMadeSql);
            },
            TimeSpan.FromSeconds(60), "the service's connections are closed");
        await api.ScalarAsync<object>("SELECT pg_stat_force_next_flush()"); // those of the test's own connection
        return await api.Postgres.Source.ListAsync(ScansSql, row => $"{row.GetString(0)}: {row.GetInt64(1)} whole readings", CancellationToken.None, (object)Tables);
    }
}
