using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.CatalogService.Reloaded.StaticFiles;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Http;

namespace PackRelay.CatalogService.Tests.Reloaded.StaticFiles;

public sealed class StaticFilesTests(ReloadedApi api) : IClassFixture<ReloadedApi>
{
    private const string Path = "/static/reloaded/";

    [Fact]
    public async Task Publish_AfterAPass_IsInTheStaticFiles()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        await publisher.PutPackageAsync(id, "1.1.0");
        await publisher.PutPackageAsync($"{id}.de", change: body => (body["translationOf"], body["languageCode"], body["friendlyName"]) = (id, "de", "Deutsch"));
        await RunAsync();

        var downloads = JsonNode.Parse(await api.Anonymous.PostJsonAsync("/api/packages/download-info", $$"""[{"packageId":"{{id}}"}]""").JsonAsync() is var json ? json.GetRawText() : "")!.AsArray();
        foreach (var download in downloads.Select(one => one!.AsObject()))
        {
            download["updateData"] = download["updateSourceData"]!.DeepClone();
            download.Remove("updateSourceData");
        }

        ReloadedRequests.AssertSame(downloads.ToJsonString(), await ReadAsync(FileOf("download-info", id)));
        var metadata = await api.Anonymous.PostJsonAsync("/api/packages/metadata", $$"""[{"packageId":"{{id}}"}]""").JsonAsync();
        ReloadedRequests.AssertSame(metadata.GetRawText(), await ReadAsync(FileOf("package-metadata", id)));
        ReloadedRequests.AssertSame($$"""[{"packageId":"{{id}}.de","languageCode":"de","friendlyName":"Deutsch"}]""", await ReadAsync(FileOf("translations", id)));
        api.Clock.Advance(TimeSpan.FromMinutes(1)); // a file that many packages share waits for others
        await RunAsync();
        var found = JsonNode.Parse(await ReadAsync("search/test.msgpack.zstd"))!.AsArray().Single(entry => (string?)entry!["packageId"] == id)!;
        ReloadedRequests.AssertSame($$"""{"packageId":"{{id}}","name":"A mod","summary":"Does things","bannerImages":[]}""", found.ToJsonString());
    }

    [Fact]
    public async Task Files_ThatDoNotChange_AreNotWrittenAgain_AndTagsAreTheirHashes()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        await RunAsync();
        using var first = await api.Anonymous.GetAsync(Path + FileOf("package-metadata", id));
        Assert.Equal(("application/zstd", TimeSpan.FromMinutes(1)), (first.Content.Headers.ContentType!.MediaType, first.Headers.CacheControl!.MaxAge));
        var writtenAt = first.Content.Headers.LastModified;

        api.Clock.Advance(TimeSpan.FromMinutes(5));
        await publisher.SendJsonAsync(HttpMethod.Patch, $"/api/packages/{id}/1.0.0", """{"downloadInfo":[{"type":"NexusMods","uid":"1","fileSize":1,"xxhash3":1}]}""").JsonAsync();
        await RunAsync();
        using var same = await api.Anonymous.GetAsync(Path + FileOf("package-metadata", id));
        Assert.Equal((first.Headers.ETag, writtenAt), (same.Headers.ETag, same.Content.Headers.LastModified)); // only the downloads changed
        using var conditional = new HttpRequestMessage(HttpMethod.Get, Path + FileOf("package-metadata", id)) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        await api.Anonymous.SendAsync(conditional).SucceedsAsync(HttpStatusCode.NotModified);
        using var part = new HttpRequestMessage(HttpMethod.Get, Path + FileOf("package-metadata", id)) { Headers = { Range = new RangeHeaderValue(0, 3) } };
        using var magic = await api.Anonymous.SendAsync(part);
        Assert.Equal((HttpStatusCode.PartialContent, "28-B5-2F-FD"), (magic.StatusCode, BitConverter.ToString(await magic.Content.ReadAsByteArrayAsync())));
        await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, Path + FileOf("package-metadata", id))).SucceedsAsync(HttpStatusCode.OK);
        foreach (var unknown in new[] { "", "x", FileOf("package-metadata", "no.such.mod"), "../appsettings.json" })
            await api.Anonymous.GetAsync(Path + unknown).FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task TwoHubs_WithTheSameCatalogue_WriteTheSameBytes()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id, "2.0.0");
        await publisher.PutPackageAsync(id);
        await RunAsync();
        var file = FileOf("download-info", id);
        var before = await api.ScalarAsync<byte[]>("SELECT sha256 FROM reloaded_static_files WHERE path = $1", file);
        await api.ExecuteAsync("DELETE FROM reloaded_static_files WHERE path = $1", file);
        await api.ExecuteAsync("UPDATE reloaded_versions SET id = DEFAULT WHERE version = '1.0.0' AND package = (SELECT position FROM reloaded_packages WHERE id = $1)", id); // as if it had come in another order
        api.Clock.Advance(TimeSpan.FromHours(1));
        await api.ExecuteAsync("INSERT INTO reloaded_static_due (kind, key, due_at) VALUES ('package', $1, $2)", id, api.Clock.GetUtcNow());
        await RunAsync();
        Assert.Equal(before, await api.ScalarAsync<byte[]>("SELECT sha256 FROM reloaded_static_files WHERE path = $1", file));
    }

    [Fact]
    public async Task Files_OfAPackageOnHold_AreNotThere()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        await publisher.PutPackageAsync(id, "2.0.0", body => body["downloadInfo"] = JsonNode.Parse("""[{ "type": "NexusMods", "uid": "1", "fileSize": 10, "xxhash3": 7 }]"""));
        await RunAsync();
        Assert.Equal(["1.0.0"], JsonNode.Parse(await ReadAsync(FileOf("download-info", id)))!.AsArray().Select(version => (string)version!["version"]!));
    }

    [Fact]
    public async Task Files_OfAPackageWithTooMuchForOne_HaveItsHighestVersions()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        foreach (var version in new[] { "1.10.0", "1.11.0", "1.9.0" }) await publisher.PutPackageAsync(id, version);
        await api.ExecuteAsync(
            "UPDATE reloaded_versions v SET metadata_bytes = $1 FROM reloaded_packages p WHERE p.position = v.package AND p.id = $2", StaticVersions.MaxFileBytes / 2, id); // as if it had come before there was a limit
        await api.ExecuteAsync("INSERT INTO reloaded_static_due (kind, key, due_at) VALUES ('package', $1, $2) ON CONFLICT DO NOTHING", id, api.Clock.GetUtcNow());
        await api.ExecuteAsync("UPDATE reloaded_static_files SET sha256 = '' WHERE path = $1", FileOf("package-metadata", id)); // should the hub's own worker have been faster
        await RunAsync();
        Assert.Equal(["1.11.0", "1.10.0"], await VersionsAsync("package-metadata"));
        Assert.Equal(["1.11.0", "1.10.0", "1.9.0"], await VersionsAsync("download-info"));

        async Task<IEnumerable<string>> VersionsAsync(string folder) => JsonNode.Parse(await ReadAsync(FileOf(folder, id)))!.AsArray().Select(version => (string)version!["version"]!).ToList();
    }

    [Fact]
    public async Task OneThingThatCannotBeWritten_WaitsAMinute_AndTheOthersAreWritten()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        var since = api.Clock.GetUtcNow().AddDays(-1);
        await api.ExecuteAsync("INSERT INTO reloaded_static_due (kind, key, due_at) VALUES ('reports', 'no byte', $1)", since); // the oldest, so the first in line
        await publisher.PutPackageAsync(id);
        await RunAsync();
        using (var written = await api.Anonymous.GetAsync(Path + FileOf("package-metadata", id))) Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        Assert.Equal(api.Clock.GetUtcNow().AddMinutes(1), await api.ScalarAsync<DateTimeOffset>("SELECT due_at FROM reloaded_static_due WHERE key = 'no byte'"));
        await api.ExecuteAsync("DELETE FROM reloaded_static_due WHERE key = 'no byte'");
    }

    [Fact]
    public async Task Reports_AreWrittenWithinADay_ByTheFirstByteOfTheHash()
    {
        var (publisher, id, game) = (api.NewPublisher(), ReloadedApi.NewId(), $"Game{Guid.NewGuid():N}");
        await publisher.PutPackageAsync(id);
        await api.PutGameAsync(game, null, 0, 1);
        foreach (var version in new[] { 0, 1 })
            await api.Anonymous.PostJsonAsync("/api/compatibility", $$"""{"packageId":"{{id}}","packageVersion":"1.0.0","gameId":"{{game}}","gameVersionId":{{version}},"success":{{(version == 0 ? "true" : "false")}} }""").JsonAsync();
        api.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await RunAsync();
        var file = $"compatibility-reports/{PackageHash.Text(PackageHash.Of(id))[..2]}.msgpack.zstd";
        Assert.DoesNotContain(id, await ReadOrNothingAsync(file), StringComparison.Ordinal);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();
        var found = JsonNode.Parse(await ReadAsync(file))!.AsArray().Single(entry => (string?)entry!["packageId"] == id)!;
        ReloadedRequests.AssertSame(
            $$"""{"packageId":"{{id}}","packageVersion":"1.0.0","gameCompatibility":{"{{game}}":[{"gameVersionId":0,"successCount":1,"failureCount":0},{"gameVersionId":1,"successCount":0,"failureCount":1}]} }""",
            found.ToJsonString());

        await api.PutGameAsync(game.ToUpperInvariant(), null, 1); // another spelling, and a version taken out, whose reports nobody is told of any more
        api.Clock.Advance(TimeSpan.FromHours(24));
        await RunAsync();
        found = JsonNode.Parse(await ReadAsync(file))!.AsArray().Single(entry => (string?)entry!["packageId"] == id)!;
        ReloadedRequests.AssertSame($$"""{"{{game.ToUpperInvariant()}}":[{"gameVersionId":1,"successCount":0,"failureCount":1}]}""", found["gameCompatibility"]!.ToJsonString());
    }

    [Fact]
    public async Task SearchFile_OfAPackageThatChangedWhileItWasWritten_WaitsForItsMinuteAgain()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();
        await publisher.PutPackageAsync(id, "1.1.0");
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        var (now, term) = (api.Clock.GetUtcNow(), api.Clock.GetUtcNow().AddDays(1));
        await using var connection = await api.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(StaticPass.DoneSql, CancellationToken.None, StaticDue.Search, "test", 0L, term, now + StaticDue.SearchPause); // it read an older revision
        Assert.Equal(now + StaticDue.SearchPause, await api.ScalarAsync<DateTimeOffset>("SELECT due_at FROM reloaded_static_due WHERE kind = 'search' AND key = 'test'"));
    }

    [Fact]
    public async Task Files_ThatWereReplaced_AreCollected_UnlessTheirContentIsNeeded()
    {
        var (publisher, first, second) = (api.NewPublisher(), ReloadedApi.NewId(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(first);
        await publisher.PutPackageAsync(second);
        await RunAsync();
        var path = FileOf("package-metadata", first);
        var old = await HashAsync(path);
        await api.ExecuteAsync("UPDATE reloaded_static_files SET sha256 = $1 WHERE path = $2", Convert.FromHexString(old), FileOf("download-info", second)); // happens to have the same content
        await publisher.PutPackageAsync(first, "1.1.0");
        await RunAsync();
        var collector = api.Services.GetRequiredService<FileCollector>();
        await collector.RunAsync(CancellationToken.None);
        Assert.NotEqual(old, await HashAsync(path));
        using (var needed = await api.Anonymous.GetAsync(Path + FileOf("download-info", second))) Assert.Equal(HttpStatusCode.OK, needed.StatusCode);

        var replaced = await HashAsync(path);
        await publisher.PutPackageAsync(first, "1.2.0");
        await RunAsync();
        await collector.RunAsync(CancellationToken.None);
        Assert.Null(await api.Services.GetRequiredService<PackRelay.CatalogService.Files.Blobs.IBlobStore>().FindAsync(replaced, CancellationToken.None));
        Assert.Contains("1.2.0", await ReadAsync(path), StringComparison.Ordinal);
    }

    private async Task RunAsync()
    {
        var pass = api.Services.GetRequiredService<StaticPass>();
        await api.WaitUntilAsync(
            async () => // the hub's own worker may be at it
            {
                await pass.RunAsync(CancellationToken.None);
                return await api.ScalarAsync<long>("SELECT count(*) FROM reloaded_static_due WHERE due_at <= $1", api.Clock.GetUtcNow()) == 0;
            },
            TimeSpan.FromSeconds(30), "nothing is due");
    }

    private async Task<string> HashAsync(string path) => Convert.ToHexStringLower((await api.ScalarAsync<byte[]>("SELECT sha256 FROM reloaded_static_files WHERE path = $1", path))!);

    private async Task<string> ReadAsync(string path)
    {
        using var answer = await api.Anonymous.GetAsync(Path + path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
        return (await NodeMessagePack.DecodeAsync([(await answer.Content.ReadAsByteArrayAsync(), true)]))[0];
    }

    private async Task<string> ReadOrNothingAsync(string path) => await api.ScalarAsync<bool>("SELECT true FROM reloaded_static_files WHERE path = $1", path) ? await ReadAsync(path) : "";

    private static string FileOf(string folder, string id)
    {
        var hash = PackageHash.Text(PackageHash.Of(id));
        return $"{folder}/{hash[..2]}/{hash[2..4]}/{hash}.msgpack.zstd";
    }
}
