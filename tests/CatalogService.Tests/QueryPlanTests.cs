using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PackRelay.CatalogService.Keys;
using PackRelay.CatalogService.Lists;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Servers;
using PackRelay.CatalogService.Tests.RailcraftPack;
using PackRelay.CatalogService.Servers.Live;
using PackRelay.CatalogService.Solder.Builds;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests;

/// <summary>No list may become slower with the size of the catalogue: each page is read through an index, the plain ones in the index's own order.</summary>
public sealed class QueryPlanTests(QueryPlanTests.FullCatalog api) : IClassFixture<QueryPlanTests.FullCatalog>
{
    private static readonly string Zero = Guid.Empty.ToString();

    [Theory]
    [InlineData("popular", "packs_popular", "true", "5", "id")]
    [InlineData("trending", "packs_trending", "true", "5", "id")]
    [InlineData("recent", "packs_recent", "true", "2026-01-01 00:00:00+00", "id")]
    [InlineData("name", "packs_name", "false", "n5", "id")]
    public async Task Packs_InEachOrder_ReadTheIndexOfThatOrder(string sort, string index, params string[] place)
    {
        Assert.True(ListPacks.TryRead(Query($"?sort={sort}"), out var filter, out _));
        place[^1] = Zero;
        foreach (var from in new[] { null, place })
        {
            var plan = await ExplainAsync(PageReader.Statement(new PageRequest(24, null, null), filter.Sort, from, ListPacks.Select, sql => ListPacks.From(sql, filter)));
            Assert.Contains($"Index Scan using {index}", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("?q=name77", "packs_search")]
    [InlineData("?tag=tag77", "packs_tags")]
    public async Task Packs_FoundByWordOrTag_ReadTheirIndex(string query, string index)
    {
        Assert.True(ListPacks.TryRead(Query(query), out var filter, out _));
        var plan = await ExplainAsync(PageReader.Statement(new PageRequest(24, null, null), filter.Sort, null, ListPacks.Select, sql => ListPacks.From(sql, filter)));
        Assert.True(plan.Contains(index, StringComparison.Ordinal), plan);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NearWords_ReadTheirIndexes()
    {
        var variants = await ExplainAsync(new SqlText().Add($"SELECT word FROM pack_words WHERE variants && word_variants({"nmae77"})"));
        Assert.Contains("pack_words_variants", variants, StringComparison.Ordinal);
        var trigrams = await ExplainAsync(new SqlText().Add($"SELECT word FROM pack_words WHERE word % {"nmae77"}"));
        Assert.Contains("pack_words_trigrams", trigrams, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("players", "server_live_busy", "5", "id")]
    [InlineData("recent", "servers_recent", "2026-01-01 00:00:00+00", "id")]
    [InlineData("name", "servers_name", "n5", "id")]
    [InlineData("favorites", "servers_favorites", "0", "id")]
    public async Task Servers_InEachOrder_ReadTheIndexOfThatOrder(string sort, string index, params string[] place)
    {
        Assert.True(ListServers.TryRead(Query($"?sort={sort}"), out var filter, out _));
        place[^1] = Zero;
        foreach (var from in new[] { null, place })
        {
            var plan = await ExplainAsync(PageReader.Statement(
                new PageRequest(24, null, null), filter.Sort, from, sql => CatalogServer.AddColumns(sql, DateTimeOffset.UnixEpoch),
                sql => ListServers.From(sql, filter, Caller.Anonymous, DateTimeOffset.UnixEpoch)));
            Assert.Contains($"Index Scan using {index}", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan on servers", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?region=eu", false)] // the best plan for a filter depends on how many servers it leaves
    public async Task Servers_OfAPageThatManyAskFor_ArePlannedOnce(string query, bool isPlannedOnce)
    {
        Assert.True(ListServers.TryRead(Query(query), out var filter, out _));
        var sql = PageReader.Statement(
            new PageRequest(24, null, null), filter.Sort, null, text => CatalogServer.AddColumns(text, DateTimeOffset.UnixEpoch),
            text => ListServers.From(text, filter, Caller.Anonymous, DateTimeOffset.UnixEpoch));
        Assert.Equal(isPlannedOnce, await IsPlannedOnceAsync(sql));
    }

    [Fact]
    public async Task VersionsAndKeys_OfOneOwner_ReadTheirIndex()
    {
        var newest = new SortOrder("newest", Descending: true, new SortKey("v.position", "bigint"));
        var versions = await ExplainAsync(PageReader.Statement(new PageRequest(24, null, null), newest, null, ListVersions.Select, sql => ListVersions.From(sql, Guid.Empty)));
        Assert.DoesNotContain("Seq Scan", versions, StringComparison.Ordinal);
        var byId = new SortOrder("id", Descending: false, new SortKey("k.key_id", "text"));
        var keys = await ExplainAsync(PageReader.Statement(
            new PageRequest(24, null, null), byId, null, sql => sql.AddConstant(PublisherKey.Columns), sql => ListMyKeys.From(sql, Guid.Empty)));
        Assert.DoesNotContain("Seq Scan", keys, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packs_SearchedOften_ArePlannedForTheirWordsEachTime()
    {
        for (var i = 0; i < 60; i++) await api.Anonymous.GetAsync($"/api/v1/packs?q=name{i}&game=7d2d").JsonAsync();

        // The service keeps its connections, and each knows how often it took which kind of plan.
        var connections = new List<NpgsqlConnection>();
        var (generic, forValues) = (0L, 0L);
        for (var i = 0; i < 10; i++) connections.Add(await api.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync());
        foreach (var connection in connections)
        {
            generic += await connection.ScalarAsync<long>(PlansSql("generic"), CancellationToken.None);
            forValues += await connection.ScalarAsync<long>(PlansSql("custom"), CancellationToken.None);
            await connection.DisposeAsync();
        }

        Assert.Equal(0, generic);
        Assert.True(forValues >= 30, $"{forValues} of 60 searches were found"); // the first few of a connection are not prepared yet

        static string PlansSql(string kind) => $"SELECT COALESCE(sum({kind}_plans), 0)::bigint FROM pg_prepared_statements WHERE statement LIKE '%AS words (query)%'";
    }

    [Fact]
    public async Task LiveState_OfThousandsOfServers_IsFoundByIndexAlone()
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        foreach (var command in new[] { "SET plan_cache_mode = force_generic_plan", $"PREPARE live AS {LiveQueries.ApplySql}" })
        {
            await using var preparation = new NpgsqlCommand(command, connection);
            await preparation.ExecuteNonQueryAsync();
        }

        var plan = string.Join('\n', await connection.ListAsync("EXPLAIN EXECUTE live (NULL, NULL, NULL, NULL, NULL, NULL)", row => row.GetString(0), CancellationToken.None));
        Assert.Equal(2, Regex.Count(plan, "Index Scan using server_live_pkey"));
        Assert.DoesNotContain("Join Filter: (heard", plan, StringComparison.Ordinal); // each of a batch compared with each
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModsOfABuild_AreFoundByIndexAlone()
    {
        var build = await api.ScalarAsync<long>("SELECT min(id) FROM solder_builds");
        var plan = string.Join('\n', await api.Postgres.Source.ListAsync($"EXPLAIN {GetBuild.ModsSql}", row => row.GetString(0), CancellationToken.None, build));
        Assert.Contains("Index Scan using solder_mods_pkey", plan, StringComparison.Ordinal);
        Assert.Contains("Index Scan using solder_mod_versions_pkey", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    private async Task<string> ExplainAsync(SqlText sql)
    {
        var lines = await api.Postgres.Source.ListAsync($"EXPLAIN {sql}", row => row.GetString(0), CancellationToken.None, sql.Parameters);
        return string.Join('\n', lines);
    }

    /// <summary>Whether Postgres keeps one plan for a prepared statement that has been asked for often.</summary>
    private async Task<bool> IsPlannedOnceAsync(SqlText sql)
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql.ToString(), connection);
        foreach (var parameter in sql.Parameters) command.Parameters.Add(new() { Value = parameter });
        await command.PrepareAsync();
        for (var i = 0; i < 10; i++) await command.ExecuteNonQueryAsync();
        await using var plans = new NpgsqlCommand("SELECT generic_plans > 0 FROM pg_prepared_statements WHERE statement = $1", connection) { Parameters = { new() { Value = sql.ToString() } } };
        return (bool)(await plans.ExecuteScalarAsync())!;
    }

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));

    /// <summary>A catalog with enough in it for the planner to care.</summary>
    public sealed class FullCatalog : RailcraftApi
    {
        private const string SeedSql = """
            INSERT INTO accounts SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'u' || n, 'U', 1 FROM generate_series(1, 20000) n;
            INSERT INTO packs (id, slug, owner_id, publisher_name, name, tags, game, visibility, created_at, active_at, download_count, installs_last_week, is_featured)
              SELECT gen_random_uuid(), 'pack' || n, ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'p', 'name' || n, ARRAY['tag' || n],
                     CASE n % 3 WHEN 0 THEN '7d2d' WHEN 1 THEN 'valheim' ELSE 'palworld' END, 'public', now(), now() - n * interval '1 s', n, n, n % 1000 = 0
                FROM generate_series(1, 20000) n;
            INSERT INTO servers (id, slug, owner_id, name, region, game, tags, max_players, created_at, favorite_count, pack_id)
              SELECT gen_random_uuid(), p.slug, p.owner_id, 'n' || p.download_count, CASE WHEN p.download_count % 2000 = 0 THEN 'sa' ELSE 'eu' END, p.game, ARRAY[]::text[], 0, p.active_at, p.download_count, p.id
                FROM packs p;
            INSERT INTO server_live (server_id, online, current_players, last_seen_at) SELECT id, favorite_count % 10 = 0, favorite_count % 100, now() FROM servers;
            INSERT INTO pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes)
              SELECT gen_random_uuid(), id, '1.0.0', '', '', '', '', now(), 0, 0 FROM packs;
            INSERT INTO publisher_keys SELECT 'u/k' || n, '00000000-0000-0000-0000-000000000001', decode(repeat('00', 32), 'hex'), now() FROM generate_series(1, 20000) n;
            INSERT INTO pack_keys SELECT id, 'u/k1', 1, now(), now() FROM packs;
            INSERT INTO pack_members SELECT id, ('00000000-0000-0000-0000-' || lpad((download_count % 20000 + 1)::text, 12, '0'))::uuid, 'publisher', now() FROM packs;
            INSERT INTO pack_transfers SELECT id, ('00000000-0000-0000-0000-' || lpad((download_count % 20000 + 1)::text, 12, '0'))::uuid, now(), now() FROM packs;
            INSERT INTO deleted_servers SELECT 'gone' || n, '00000000-0000-0000-0000-000000000001', now() FROM generate_series(1, 20000) n;
            ANALYZE
            """;

        // What is in the packs, and what accounts do with them: one of each per account and pack. All of it is scanned, built and in use: the workers leave it alone.
        private const string ContentSql = """
            INSERT INTO files (sha256, size_bytes, uploader_id, created_at, scan_rules) SELECT sha256(slug::bytea), 1, owner_id, now(), 1000000 FROM packs;
            INSERT INTO version_files SELECT v.id, sha256(p.slug::bytea) FROM pack_versions v JOIN packs p ON p.id = v.pack_id;
            INSERT INTO held_versions (pack_id, version, status, reason, publisher_id, publisher_name, credential, credential_id, manifest, manifest_sha256, key_id, published_at, file_count, total_size_bytes, submitted_at)
              SELECT id, '0.1.0', 'rejected', 'x', owner_id, 'u', 'Token', id, '', '', '', '', 0, 0, now() FROM packs;
            INSERT INTO bundles SELECT id, 0, now(), 0, now(), encode(sha256(id::text::bytea), 'hex'), '', 1 FROM pack_versions;
            INSERT INTO download_days SELECT id, now()::date, 1 FROM packs;
            INSERT INTO egress SELECT owner_id, date_trunc('month', now())::date, 1 FROM packs;
            INSERT INTO account_storage SELECT owner_id, 1, 1 FROM packs;
            INSERT INTO uploads (id, account_id, sha256, created_at, touched_at) SELECT id, owner_id, sha256(slug::bytea), now(), now() FROM packs;
            INSERT INTO upload_parts SELECT id, 1, 'x', 'x', 1 FROM packs;
            INSERT INTO pack_favorites SELECT owner_id, id, now() FROM packs;
            INSERT INTO server_favorites SELECT owner_id, id, now() FROM servers;
            INSERT INTO frameworks SELECT slug, '1.0', 1, 1, now() FROM packs;
            INSERT INTO framework_files SELECT slug, '1.0', 'a', sha256(slug::bytea), 1 FROM packs;
            INSERT INTO draft_seeds SELECT sha256(slug::bytea), '{}', now() + interval '1 day' FROM packs;
            INSERT INTO solder_packs SELECT id, NULL, false, 0, NULL, NULL, now() FROM packs;
            INSERT INTO solder_pack_art SELECT id, 'icon', sha256(slug::bytea), '' FROM packs;
            INSERT INTO solder_builds (pack_id, version, minecraft, is_published, is_private, created_at, updated_at) SELECT id, 's', '1', true, false, now(), now() FROM packs;
            INSERT INTO solder_mods (name, pretty_name, created_at, updated_at) SELECT slug, slug, now(), now() FROM packs;
            INSERT INTO solder_mod_versions (mod_id, version, md5, sha256, created_at, updated_at) SELECT id, '1.0', '', sha256(name::bytea), now(), now() FROM solder_mods;
            INSERT INTO solder_build_mods SELECT b.id, v.mod_id, v.id FROM solder_builds b JOIN packs p ON p.id = b.pack_id JOIN solder_mods m ON m.name = p.slug JOIN solder_mod_versions v ON v.mod_id = m.id;
            INSERT INTO solder_import_builds SELECT 'x', slug, '1' FROM packs;
            INSERT INTO railcraft_tags SELECT id, pack_id, position, 1, 0, true, '', '{}' FROM pack_versions;
            INSERT INTO railcraft_archives (request, pack_id, version_id, from_version_id, optional_mods, file_name, due_at, last_used_at, built_at, sha256, size_bytes)
              SELECT sha256(id::text::bytea), pack_id, id, id, '{}', '', now(), now(), now(), encode(sha256(id::text::bytea), 'hex'), 1 FROM pack_versions;
            INSERT INTO railcraft_archive_clients SELECT id, version_id, now() FROM railcraft_archives;
            INSERT INTO railcraft_ads (account_id, client_id, type, title, body, created_at, bumped_at, edited_at)
              SELECT owner_id, id, CASE download_count % 2 WHEN 0 THEN 'buy' ELSE 'sell' END, '', '', now(), now() - download_count * interval '1 h', now() FROM packs;
            ANALYZE
            """;

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Catalog:Stats:Interval"] = "01:00:00"; // it reads whole tables, and no request waits for it
        }

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await FillAsync(SeedSql);
            await FillAsync(ContentSql);
        }

        private async Task FillAsync(string sql)
        {
            await using var command = Postgres.Source.CreateCommand(sql);
            command.CommandTimeout = 600; // seconds; a busy machine takes its time over this
            await command.ExecuteNonQueryAsync();
        }
    }
}
