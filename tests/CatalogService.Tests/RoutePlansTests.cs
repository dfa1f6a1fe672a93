using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.CatalogService.Tests.RailcraftPack;
using PackRelay.ServiceDefaults.Callers;
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
                  AND query NOT IN ('LISTEN outbox', 'SELECT'))
        """;

    // The builders of bundles keep theirs, and began when the tables were empty: they are made to connect anew.
    private const string CloseThoseOfBuildersSql = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND backend_start < $1 AND (query LIKE '%FROM bundles b%' OR query LIKE '%FROM railcraft_archives%')
        """;

    // All but those that are meant to be read whole: what waits to be counted or removed, the day of the hub in slots, the outbox, and tables of one row.
    private static readonly string[] Tables =
    [
        "account_storage", "accounts", "bundles", "deleted_servers", "download_days", "draft_seeds", "egress", "files", "framework_files", "frameworks", "held_versions",
        "pack_favorites", "pack_keys", "pack_members", "pack_transfers", "pack_versions", "pack_words", "packs", "publisher_keys",
        "railcraft_ads", "railcraft_archive_clients", "railcraft_archives", "railcraft_tags", "reloaded_compatibility", "reloaded_game_versions", "reloaded_games", "reloaded_packages", "reloaded_static_files", "reloaded_versions", "server_favorites", "server_live", "servers",
        "solder_build_mods", "solder_builds", "solder_import_builds", "solder_mod_versions", "solder_mods", "solder_pack_art", "solder_packs",
        "upload_parts", "uploads", "version_files",
    ];

    private static readonly string[] ReadWhole =
        ["download_batches", "download_slots", "download_window", "egress_writers", "file_collection", "outbox", "player_peaks", "railcraft_messages", "reloaded_reporter_keys", "reloaded_reports", "reloaded_static_due", "removed_files", "schema_migrations"];

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
        await owner.Client.PostAsync($"{pack}/members", new { username = "u7", role = "publisher" }).JsonAsync(HttpStatusCode.Created);
        await owner.Client.DeleteAsync($"{pack}/members/u7").SucceedsAsync();
        await owner.Client.PostAsync($"{pack}/transfer", new { username = "u8" }).JsonAsync(HttpStatusCode.Created);
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

    [Fact]
    public async Task ContentRoutes_OnAFullCatalog_ReadNoTableFromEndToEnd()
    {
        var (owner, receiver) = (api.NewPublisher(), Receiver(9));
        var before = await ScansAsync();
        var (slug, server) = (await owner.PublishPackAsync("1.0.0", "1.1.0"), await owner.CreateServerAsync());
        await SendFilesAsync(owner);
        await RegisterFrameworkAsync(owner);
        await HoldAVersionAsync(owner, slug);
        var (pack, left) = ($"/api/v1/packs/{slug}", await api.Anonymous.PostAsync("/api/packs/draft-seed", new { mods = Array.Empty<object>() }).JsonAsync());
        await api.Anonymous.GetAsync($"/api/packs/draft-seed/{left.GetProperty("token").GetString()}").JsonAsync();

        foreach (var query in new[] { "", "?version=1.0.0" })
        {
            using var redirect = await api.Anonymous.GetAsync($"{pack}/download{query}");
            await api.Anonymous.GetAsync(redirect.Headers.Location!.AbsolutePath).SucceedsAsync(HttpStatusCode.OK);
        }

        foreach (var favorite in new[] { $"{pack}/favorite", $"{pack}/favorite", $"/api/v1/servers/{server}/favorite", $"/api/v1/servers/{server}/favorite" })
            await owner.Client.PostAsync(favorite, content: null).JsonAsync();
        await owner.Client.PatchAsJsonAsync($"{pack}/versions/1.0.0", new { changelog = "New" }).JsonAsync();
        foreach (var list in new[] { "favorites", "keys", "packs", "servers", "transfers" })
        {
            foreach (var caller in new[] { owner, receiver }) await caller.Client.GetAsync($"/api/v1/me/{list}").JsonAsync();
        }

        await owner.Client.PostAsync($"{pack}/members", new { username = "u7", role = "maintainer" }).JsonAsync(HttpStatusCode.Created);
        using (var leaving = new HttpRequestMessage(HttpMethod.Delete, $"{pack}/members") { Content = JsonContent.Create(new { username = "u7" }) })
            await owner.Client.SendAsync(leaving).SucceedsAsync();
        foreach (var answer in new[] { "decline", "accept" })
        {
            await owner.Client.PostAsync($"{pack}/transfer", new { username = "u9" }).JsonAsync(HttpStatusCode.Created);
            await receiver.Client.PostAsync($"{pack}/transfer/{answer}", content: null).SucceedsAsync(answer == "accept" ? HttpStatusCode.OK : HttpStatusCode.NoContent);
        }

        await api.WaitUntilAsync(
            async () => (await api.Anonymous.GetAsync(pack).JsonAsync()).GetProperty("downloadCount").GetInt64() == 2, TimeSpan.FromSeconds(30), "the downloads are counted");
        Assert.Equal(before, await ScansAsync());
    }

    // Not the list of all modpacks, nor that of all mods: those are read whole as they are answered.
    [Fact]
    public async Task SolderRoutes_OnAFullCatalog_ReadNoTableFromEndToEnd()
    {
        var user = Solder.SolderUser.Full(api);
        var before = await ScansAsync();
        var (slug, number) = await user.CreateModpackAsync(@private: true);
        var mod = await user.CreateModAsync(null, "1.0", "2.0");
        await user.CreateBuildAsync(slug, "1");
        await user.AddModAsync(slug, "1", mod, "1.0");
        foreach (var caller in new[] { user.Client, Solder.SolderUser.Key(api), Solder.SolderUser.Launcher(api, number), api.Anonymous })
        {
            foreach (var path in new[] { $"modpack/{slug}", $"modpack/{slug}/1", $"modpack/{slug}/1?include=mods", "modpack/pack77", "modpack/pack77/1.0.0", "modpack/pack77/s", $"mod/{mod}", $"mod/{mod}/1.0" })
            {
                using var answer = await caller.GetAsync("/api/" + path);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, path);
            }
        }

        await user.Client.PutAsJsonAsync($"/api/modpack/{slug}/1/mod/{mod}", new { mod_version = "2.0" }).JsonAsync();
        await user.Client.PutAsJsonAsync($"/api/modpack/{slug}/1", new { forge = "1" }).JsonAsync();
        await user.Client.PutAsJsonAsync($"/api/modpack/{slug}", new { name = "New name of " + slug, slug = slug + "-2" }).JsonAsync();
        await user.Client.PostAsync($"/api/modpack/{slug}-2/clone", new { name = "Clone of " + slug, slug = slug + "-3" }).JsonAsync(HttpStatusCode.Created);
        await user.Client.PutAsJsonAsync($"/api/mod/{mod}", new { author = "A" }).JsonAsync();
        await user.Client.PutAsJsonAsync($"/api/mod/{mod}/1.0", new { md5 = "b" }).JsonAsync();
        foreach (var path in new[] { $"mod/{mod}/1.0", $"modpack/{slug}-2/1/mod/{mod}", $"modpack/{slug}-2/1", $"modpack/{slug}-2", $"mod/{mod}" })
            await user.Client.DeleteAsync("/api/" + path).SucceedsAsync(HttpStatusCode.OK);
        await user.Client.PutAsJsonAsync($"/api/modpack/{slug}-3", new { slug = slug + "-2" }).JsonAsync(); // which the deleted one gives up
        Assert.Equal(before, await ScansAsync());
    }

    [Fact]
    public async Task RailcraftRoutes_OnAFullCatalog_ReadNoTableFromEndToEnd()
    {
        PackFile[] files = [new("mods/alpha.txt", "a"), new("mods/map.txt", "m", Optional: true), new("config/server.txt", "s", Side: "server")];
        var client = api.NewClient(Receiver(12).Caller);
        var before = await ScansAsync();
        var pack = await api.NewPackAsync(files);
        await pack.PublishAsync("2.0.0", files[1], files[2]);
        foreach (var endpoint in new[] { "current", "get_optional_mods", "get_message", "get_error" }) await api.Plain.GetAsync($"/api/{endpoint}/?pack={pack.Slug}").SucceedsAsync(HttpStatusCode.OK);
        foreach (var from in new[] { "", "1.00", "1.0.0", "9.9.9" }) await client.DownloadAsync(("pack", pack.Slug), ("patch_from", from), ("opt_mods", "map.txt"));
        foreach (var type in new[] { "any", "buy", "sell" }) await client.CallAsync("get_ads", ("type", type), ("limit", "10"));
        var id = (await client.CallAsync("post_ad", ("type", "buy"), ("title", "a"), ("body", "b"))).GetProperty("id").GetRawText();
        await client.CallAsync("post_ad", ("id", id), ("type", "buy"), ("title", "a"), ("body", "b"));
        await client.CallAsync("bump_ad", ("id", id));
        await client.CallAsync("delete_ad", ("id", id));
        await api.Services.GetServices<IHostedService>().OfType<ArchiveSweep>().Single().RunAsync(CancellationToken.None);
        await pack.Owner.Client.DeleteAsync($"/api/v1/packs/{pack.Slug}").SucceedsAsync();
        Assert.Equal(before, await ScansAsync());
    }

    [Fact]
    public async Task Tables_AllOfThem_AreWatchedOrMeantToBeReadWhole() => Assert.Equal(
        Tables.Concat(ReadWhole).Order(StringComparer.Ordinal),
        (await api.Postgres.Source.ListAsync("SELECT relname FROM pg_stat_user_tables", row => row.GetString(0), CancellationToken.None)).Order(StringComparer.Ordinal));

    private static async Task SendFilesAsync(Publisher owner)
    {
        byte[] file = await owner.UploadAsync(), other = Guid.NewGuid().ToByteArray();
        await owner.Client.GetAsync($"/api/v1/files/exists?hash={Publisher.Sha256(file)}").JsonAsync();
        await owner.Client.GetAsync($"/api/v1/files/{Publisher.Sha256(file)}").SucceedsAsync(HttpStatusCode.OK);
        const string route = "/api/v1/files/multipart";
        var pathname = $"packs/files/{Publisher.Sha256(other)}";
        foreach (var isCompleted in new[] { false, true })
        {
            var uploadId = (await owner.Client.PostAsync($"{route}/init", new { pathname }).JsonAsync()).GetProperty("uploadId").GetString();
            for (var time = 0; time < 2; time++)
                await owner.Client.PostAsync($"{route}/part?pathname={pathname}&uploadId={uploadId}&partNumber=1", new ByteArrayContent(other)).JsonAsync();
            var part = (await owner.Client.GetAsync($"{route}?uploadId={uploadId}").JsonAsync()).GetProperty("parts")[0];
            if (isCompleted) await owner.Client.PostAsync($"{route}/complete", new { pathname, uploadId, parts = new[] { new { etag = part.GetProperty("etag").GetString(), partNumber = 1 } } }).JsonAsync();
            else await owner.Client.DeleteAsync($"{route}?uploadId={uploadId}").SucceedsAsync();
        }
    }

    private async Task RegisterFrameworkAsync(Publisher owner)
    {
        var file = await owner.UploadAsync();
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        var files = new[] { new { path = "a.dll", sha256 = Publisher.Sha256(file), size = file.Length } };
        await admin.Client.PutAsJsonAsync("/api/v1/frameworks/a-framework/1.0", new { files }).JsonAsync(HttpStatusCode.Created);
        await admin.Client.PutAsJsonAsync("/api/v1/frameworks/a-framework/1.0", new { files }).JsonAsync();
        foreach (var path in new[] { "/a-framework/1.0", "", "?offset=50" }) await api.Anonymous.GetAsync($"/api/v1/frameworks{path}").JsonAsync();
        var next = (await api.Anonymous.GetAsync("/api/v1/frameworks").JsonAsync()).GetProperty("nextCursor").GetString();
        await api.Anonymous.GetAsync($"/api/v1/frameworks?cursor={next}").JsonAsync();
    }

    private static async Task HoldAVersionAsync(Publisher owner, string slug)
    {
        var draft = owner.Draft(slug, "2.0.0", await owner.UploadAsync());
        draft["files"]![0]!["path"] = "Mods/A/Setup.exe"; // the scan refuses it
        await owner.SendAsync(slug, owner.Sign(draft)).SucceedsAsync(HttpStatusCode.UnprocessableEntity);
        await owner.Client.GetAsync($"/api/v1/packs/{slug}/versions/2.0.0").JsonAsync();
    }

    /// <summary>One of the accounts that the full catalogue has.</summary>
    private Publisher Receiver(int number) =>
        api.NewPublisher($"u{number}", caller => caller with { AccountId = Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-{number:d12}")) });

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
        foreach (var path in new[] { $"servers/{server}", $"servers/{server}/manifest", $"keys/{keyId}", "me/keys", "me/packs", "me/servers", "me/transfers", "me/usage" })
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
                await api.ExecuteAsync(CloseThoseOfBuildersSql, now);
                return await api.ScalarAsync<bool>(OldConnectionsAreClosedSql, now) && await api.ScalarAsync<bool>(TablesWereMadeSql);
            },
            TimeSpan.FromSeconds(60), "the service's connections are closed");
        await api.ScalarAsync<object>("SELECT pg_stat_force_next_flush()"); // those of the test's own connection
        return await api.Postgres.Source.ListAsync(ScansSql, row => $"{row.GetString(0)}: {row.GetInt64(1)} whole readings", CancellationToken.None, (object)Tables);
    }
}
