using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Files.Scanning;

/// <summary>No archive is looked through while it is uploaded here, so that versions with archives have to wait.</summary>
public sealed class ScanTests(ScanTests.SlowScan api) : IClassFixture<ScanTests.SlowScan>
{
    [Fact]
    public async Task Publish_ProhibitedType_IsRejectedWithTheReasonAndMayBeMended()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        var error = await publisher.SendAsync(slug, publisher.Sign(With(publisher.Draft(slug, "1.0.0", file), "Mods/A/Setup.EXE"))).FailsAsync(HttpStatusCode.UnprocessableEntity, "scan_rejected");
        Assert.Equal("files[0].path", error.GetProperty("details")[0].GetProperty("path").GetString());

        var held = await publisher.Client.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync();
        Assert.Equal("rejected", held.GetProperty("status").GetString());
        Assert.Contains(".EXE", held.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.NewPublisher().Client.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/1.0.0").FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await publisher.Client.GetAsync($"/api/v1/packs/{slug}/versions").JsonAsync()).GetProperty("versions").EnumerateArray());

        var answer = await publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, "1.0.0", file))).JsonAsync(HttpStatusCode.Created);
        Assert.Equal("published", answer.GetProperty("status").GetString());
        Assert.Equal("published", (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync()).GetProperty("status").GetString());
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM held_versions h JOIN packs p ON p.id = h.pack_id WHERE p.slug = $1", slug));
    }

    [Fact]
    public async Task Publish_ProgramUnderAnotherName_IsRejected()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var (program, library) = (Archives.Executable(isLibrary: false), Archives.Executable(isLibrary: true));
        foreach (var file in new[] { program, library }) await publisher.PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        var error = await publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, "1.0.0", program))).FailsAsync(HttpStatusCode.UnprocessableEntity, "scan_rejected");
        Assert.Equal("files[0]", error.GetProperty("details")[0].GetProperty("path").GetString());
        await publisher.SendAsync(slug, publisher.Sign(With(publisher.Draft(slug, "1.0.1", library), "Mods/A/A.dll"))).SucceedsAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task GetFile_ThatTheScanRefused_IsNotThere()
    {
        var publisher = api.NewPublisher();
        var program = Archives.Executable(isLibrary: false);
        await publisher.PutAsync(Publisher.Sha256(program), program).SucceedsAsync(HttpStatusCode.OK);
        await api.Anonymous.GetAsync($"/api/v1/files/{Publisher.Sha256(program)}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/v1/files/{Publisher.Sha256(program)}")).SucceedsAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task RegisterFramework_FileThatTheScanRefuses_IsRejected()
    {
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        var (program, library) = (Archives.Executable(isLibrary: false), Archives.Executable(isLibrary: true));
        foreach (var file in new[] { program, library }) await admin.PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        await api.ExecuteAsync("UPDATE files SET scan_rules = 0, scan_problem = NULL WHERE sha256 = $1", Convert.FromHexString(Publisher.Sha256(program))); // looked at now, then
        var path = $"/api/v1/frameworks/{Publisher.NewSlug()}/1.0";
        var error = await admin.Client.PutAsJsonAsync(path, new { files = new[] { Entry("a/loader.dll", library), Entry("a/winhttp.bin", program) } })
            .FailsAsync(HttpStatusCode.UnprocessableEntity, "scan_rejected");
        Assert.Equal("a/winhttp.bin", Assert.Single(error.GetProperty("details").EnumerateArray()).GetProperty("path").GetString());
        await admin.Client.PutAsJsonAsync(path, new { files = new[] { Entry("a/loader.dll", library) } }).SucceedsAsync(HttpStatusCode.Created);

        static object Entry(string file, byte[] content) => new { path = file, sha256 = Publisher.Sha256(content), size = content.Length };
    }

    [Fact]
    public async Task Publish_FilesNotLookedAtYet_BecomesVisibleWhenTheyWere()
    {
        await using var events = await api.ObserveAsync<PackVersionPublished>();
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var archive = Archives.Zip(("a.xml", Guid.NewGuid().ToByteArray()));
        var manifest = await UploadUnscannedAsync(publisher, slug, archive);
        var answer = await publisher.SendAsync(slug, manifest).JsonAsync(HttpStatusCode.Created);
        Assert.Equal("scanning", answer.GetProperty("status").GetString());
        await publisher.SendAsync(slug, manifest).FailsAsync(HttpStatusCode.Conflict, "duplicate_version");
        await events.FirstAsync(published => published.Slug == slug);
        Assert.Equal(manifest, await api.Anonymous.GetByteArrayAsync($"/api/v1/packs/{slug}/manifest/1.0.0"));
        await publisher.SendAsync(slug, manifest).FailsAsync(HttpStatusCode.Conflict, "duplicate_version");
    }

    [Fact]
    public async Task Publish_BombNotLookedAtYet_IsRejectedAfterwards()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var bomb = Archives.Zip(("a", new byte[900_000]), ("b", Guid.NewGuid().ToByteArray()));
        await publisher.SendAsync(slug, await UploadUnscannedAsync(publisher, slug, bomb)).SucceedsAsync(HttpStatusCode.Created);
        await api.WaitUntilAsync(
            async () => (await publisher.Client.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync()).GetProperty("status").GetString() == "rejected",
            TimeSpan.FromSeconds(60),
            "the version is rejected");
        var held = await publisher.Client.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync();
        Assert.Contains("10 times", held.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Scan_FileOfOlderRules_IsLookedAtAgain()
    {
        var sha256 = Convert.FromHexString(Publisher.Sha256(await api.NewPublisher().UploadAsync()));
        var rules = await api.ScalarAsync<int>("SELECT scan_rules FROM files WHERE sha256 = $1", sha256);
        await api.ExecuteAsync("UPDATE files SET scan_rules = 1, scan_problem = 'older' WHERE sha256 = $1", sha256);
        await api.WaitUntilAsync(
            () => api.ScalarAsync<bool>("SELECT scan_rules = $2 AND scan_problem IS NULL FROM files WHERE sha256 = $1", sha256, rules), TimeSpan.FromSeconds(60), "the file was looked at");
    }

    /// <summary>As if the upload was acknowledged a moment ago; the claim keeps the worker from it until the version is held.</summary>
    private async Task<byte[]> UploadUnscannedAsync(Publisher publisher, string slug, byte[] archive)
    {
        await publisher.PutAsync(Publisher.Sha256(archive), archive).SucceedsAsync(HttpStatusCode.OK);
        await api.ExecuteAsync(
            "UPDATE files SET scan_rules = 0, scan_problem = NULL, scan_claimed_until = now() + interval '1 h' WHERE sha256 = $1", Convert.FromHexString(Publisher.Sha256(archive)));
        return publisher.Sign(publisher.Draft(slug, "1.0.0", archive));
    }

    private static JsonObject With(JsonObject draft, string path)
    {
        draft["files"]![0]!["path"] = path;
        return draft;
    }

    public sealed class SlowScan : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Catalog:Scan:InlineBytes"] = "0";
            settings["Catalog:Scan:MaxArchiveRatio"] = "10";
            settings["Catalog:Scan:RatioFloorBytes"] = "100000";
        }
    }
}
