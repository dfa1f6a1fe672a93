using PackRelay.CatalogService.Reloaded.Compatibility;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.CatalogService.Reloaded.StaticFiles;
using PackRelay.CatalogService.Reloaded.Translations;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Reloaded;

/// <summary>No request of the dialect reads a table from end to end, however many packages there are.</summary>
public sealed class PlansTests(PlansTests.FullCatalog api) : IClassFixture<PlansTests.FullCatalog>
{
    private static readonly string[] Ids = [.. Enumerable.Range(1, 100).Select(i => $"game.mod.m{i}.s")];

    private static readonly long[] Hashes = [.. Enumerable.Range(1, 100).Select(i => (long)i * 1_000_003)];

    private static readonly string[] Versions = [.. Enumerable.Repeat("1.0.0", 100)];

    [Fact]
    public async Task Statements_OfEachRoute_ReadIndexesOnly()
    {
        await AssertAsync(MetadataQueries.ByIdSql, "reloaded_packages_id_key", Ids, Versions, 1_000_000L);
        await AssertAsync(MetadataQueries.ByHashSql, "reloaded_packages_id_hash_key", Hashes, Versions, 1_000_000L);
        await AssertAsync(DownloadQueries.ByIdSql, "reloaded_packages_id_key", Ids, Versions, 1_000_000L);
        await AssertAsync(DownloadQueries.ByHashSql, "reloaded_packages_id_hash_key", Hashes, Versions, 1_000_000L);
        await AssertAsync(UpdateQueries.ByIdSql, "reloaded_packages_id_key", Ids, Versions);
        await AssertAsync(UpdateQueries.ByHashSql, "reloaded_packages_id_hash_key", Hashes, Versions);
        await AssertAsync(FindTranslations.FindSql, "reloaded_packages_translations", Ids, 200);
        await AssertAsync(
            ReportQueries.AddSql, "reloaded_versions_package_version_key", Ids, Versions, Versions, Hashes, Enumerable.Repeat(true, 100).ToArray(), new DateOnly(2026, 1, 1), new byte[16], DateTimeOffset.UnixEpoch);
        await AssertAsync(GetCompatibility.KnownSql, "reloaded_versions_package_version_key", "g", 1L, "game.mod.m5.s", "1.0.0");
        await AssertAsync(GetCompatibility.KnownSql, "reloaded_game_versions_number", null, 7L, "game.mod.m5.s", "1.0.0");
        var counts = GetCompatibility.Statement(new("game.mod.m5.s", null, null, null));
        await AssertAsync(counts.ToString(), "reloaded_compatibility_pkey", counts.Parameters!);
        await AssertAsync(GetStaticFile.FindSql, "reloaded_static_files_pkey", "search/x");
        await AssertAsync(StaticContent.SearchSql, "reloaded_packages_prefix", "rare");
        await AssertAsync(StaticContent.ReportsSql, "reloaded_packages_id_hash_key", 0L, 50L * 1_000_003);
    }

    [Fact]
    public async Task Batches_WithoutVersions_ReadNoMoreThanAnAnswerCanHold()
    {
        foreach (var sql in new[] { MetadataQueries.ByIdSql, MetadataQueries.ByHashSql, DownloadQueries.ByIdSql, DownloadQueries.ByHashSql })
        {
            object keys = sql is MetadataQueries.ByIdSql or DownloadQueries.ByIdSql ? Ids : Hashes;
            var plan = string.Join('\n', await api.Api.Postgres.Source.ListAsync("EXPLAIN " + sql, row => row.GetString(0), CancellationToken.None, keys, new string?[Ids.Length], 1_000_000L));
            Assert.True(plan.IndexOf("Limit", StringComparison.Ordinal) > plan.IndexOf("WindowAgg", StringComparison.Ordinal), plan); // below the sum, not above it
        }
    }

    private async Task AssertAsync(string sql, string index, params object?[] parameters)
    {
        var plan = string.Join('\n', await api.Api.Postgres.Source.ListAsync("EXPLAIN " + sql, row => row.GetString(0), CancellationToken.None, parameters));
        Assert.True(plan.Contains(index, StringComparison.Ordinal) && !plan.Contains("Seq Scan on reloaded_packages", StringComparison.Ordinal) && !plan.Contains("Seq Scan on reloaded_versions", StringComparison.Ordinal)
            && !plan.Contains("Seq Scan on reloaded_compatibility", StringComparison.Ordinal) && !plan.Contains("Seq Scan on reloaded_static", StringComparison.Ordinal) && !plan.Contains("Seq Scan on reloaded_game_versions", StringComparison.Ordinal), $"{index}:\n{sql}\n{plan}");
    }

    /// <summary>A catalogue with enough in it for the planner to care.</summary>
    public sealed class FullCatalog : IAsyncLifetime
    {
        private const string SeedSql = """
            INSERT INTO reloaded_packages (id, id_hash, owner_id, trusted_site, latest_release, latest_any, translation_of, language_code, friendly_name, created_at)
              SELECT CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'game' END || '.mod.m' || n || '.s', n * 1000003::bigint, gen_random_uuid(), 'GitHub', '1.0.0', '1.0.0', CASE WHEN n % 3 = 0 THEN 'game.mod.m' || n / 3 || '.s' END, 'de', 'Deutsch', now()
                FROM generate_series(1, 20000) n;
            INSERT INTO reloaded_versions (package, version, content_sha256, package_toml, language_paths, language_data, metadata_bytes, update_source_data, downloads, deltas, download_bytes, created_at)
              SELECT position, v, '', repeat('x', 500), '{}', '{}', 500, '{}', '[]', '[]', 100, now() FROM reloaded_packages, unnest(ARRAY['1.0.0', '0.9.0']) v;
            INSERT INTO reloaded_games VALUES ('g', 'G', 'G', 1, now());
            INSERT INTO reloaded_game_versions SELECT 'g', n, 'v' FROM generate_series(1, 20000) n;
            INSERT INTO reloaded_compatibility SELECT id, 'g', 1, 1, 1 FROM reloaded_versions;
            INSERT INTO reloaded_static_files SELECT 'search/' || n, '', 1, now() FROM generate_series(1, 20000) n;
            ANALYZE;
            """;

        public ReloadedApi Api { get; } = new();

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            await Api.ExecuteAsync(SeedSql);
        }

        public Task DisposeAsync() => Api.DisposeAsync();
    }
}
