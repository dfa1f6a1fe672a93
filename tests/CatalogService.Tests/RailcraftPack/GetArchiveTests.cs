using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.RailcraftPack.Archives;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

public sealed class GetArchiveTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    private const string BlobSql = "SELECT sha256 FROM railcraft_archives WHERE id = $1";

    private static readonly PackFile[] Files = [new("mods/alpha.txt", "alpha"), new("mods/beta.txt", new string('b', 5_000))];

    [Fact]
    public async Task File_OfAnId_ComesWithItsLengthAndName()
    {
        var pack = await api.NewPackAsync(Files);
        var client = api.NewClient();
        var url = await client.CallAsync("get_download_url", ("pack", pack.Slug));
        using var file = await client.PostAsync("get_file", ("id", url.GetProperty("id").GetRawText()));

        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal("application/zip", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal(url.GetProperty("size_raw").GetInt64(), file.Content.Headers.ContentLength);
        Assert.Equal($"attachment; filename={pack.Slug}-1.00.zip; filename*=UTF-8''{pack.Slug}-1.00.zip", file.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("bytes", Assert.Single(file.Headers.AcceptRanges));
        Assert.Equal("no-store", file.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task File_InParts_IsTheSameFile()
    {
        var pack = await api.NewPackAsync(Files);
        var client = api.NewClient();
        var (answer, whole) = await client.DownloadAsync(("pack", pack.Slug));
        var parts = new List<byte>();
        for (var from = 0; from < whole.Length; from += 2_000)
        {
            using var part = await RangeAsync(client, answer.GetProperty("id").GetInt64(), new RangeHeaderValue(from, from + 1_999));
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal((from, whole.Length), (part.Content.Headers.ContentRange!.From, part.Content.Headers.ContentRange.Length));
            parts.AddRange(await part.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(whole, parts);
        using var beyond = await RangeAsync(client, answer.GetProperty("id").GetInt64(), new RangeHeaderValue(whole.Length, null));
        await beyond.FailsAsTextAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "Range not satisfiable");
    }

    [Fact]
    public async Task File_OfAnotherClientsId_IsNotFoundUntilThatClientAskedToo()
    {
        var pack = await api.NewPackAsync(Files);
        var id = (await api.NewClient().CallAsync("get_download_url", ("pack", pack.Slug))).GetProperty("id").GetRawText();
        var other = api.NewClient();
        using (var refused = await other.PostAsync("get_file", ("id", id))) await refused.FailsAsTextAsync(HttpStatusCode.NotFound, "File not found");
        Assert.Equal(id, (await other.CallAsync("get_download_url", ("pack", pack.Slug))).GetProperty("id").GetRawText());
        using var file = await other.PostAsync("get_file", ("id", id));
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
    }

    [Fact]
    public async Task File_OfAWithdrawnVersionOrADeletedPack_IsNotFound()
    {
        var (withdrawn, deleted) = (await api.NewPackAsync(Files), await api.NewPackAsync(Files));
        var client = api.NewClient();
        foreach (var (pack, end) in new (MinecraftPack, Func<Task>)[]
        {
            (withdrawn, () => withdrawn.WithdrawAsync("1.0.0")), (deleted, () => deleted.Owner.Client.DeleteAsync($"/api/v1/packs/{deleted.Slug}").SucceedsAsync()),
        })
        {
            var id = (await client.CallAsync("get_download_url", ("pack", pack.Slug))).GetProperty("id").GetRawText();
            await end();
            using var refused = await client.PostAsync("get_file", ("id", id));
            await refused.FailsAsTextAsync(HttpStatusCode.NotFound, "File not found");
        }
    }

    [Fact]
    public async Task File_FetchedWholeOrFromItsStart_CountsOneDownloadAndChargesItsBytes()
    {
        var pack = await api.NewPackAsync(Files);
        var client = api.NewClient();
        var (answer, whole) = await client.DownloadAsync(("pack", pack.Slug));
        var id = answer.GetProperty("id").GetInt64();
        using (await RangeAsync(client, id, new RangeHeaderValue(0, 99))) // counts too
        using (await RangeAsync(client, id, new RangeHeaderValue(100, 299))) // goes on
        {
        }

        var meter = api.Services.GetRequiredService<EgressMeter>();
        await api.WaitUntilAsync(async () => await meter.UsedAsync(pack.Owner.Caller.AccountId, CancellationToken.None) == whole.Length + 300, TimeSpan.FromSeconds(30), "the bytes are charged");
        await api.WaitUntilAsync(
            async () => (await api.Anonymous.GetAsync($"/api/v1/packs/{pack.Slug}").JsonAsync()).GetProperty("downloadCount").GetInt64() == 2, TimeSpan.FromSeconds(30), "the downloads are counted");
    }

    [Fact]
    public async Task Archive_WithoutUseForAWeek_IsRemovedFromTheStore_AndMadeAgainUnderItsId()
    {
        var pack = await api.NewPackAsync(Files);
        var client = api.NewClient();
        var (answer, whole) = await client.DownloadAsync(("pack", pack.Slug));
        var id = answer.GetProperty("id").GetInt64();
        var path = Directory.EnumerateFiles(api.BlobFolder, (await api.ScalarAsync<string>(BlobSql, id))!, SearchOption.AllDirectories).Single();
        var sweep = api.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ArchiveSweep>().Single();

        api.Time.Advance(TimeSpan.FromDays(6));
        using (await client.PostAsync("get_file", ("id", $"{id}"))) // a use
        {
        }

        api.Time.Advance(TimeSpan.FromDays(6));
        await sweep.RunAsync(CancellationToken.None);
        Assert.NotNull(await api.ScalarAsync<string>(BlobSql, id));

        api.Time.Advance(TimeSpan.FromDays(2));
        await sweep.RunAsync(CancellationToken.None);
        await api.Services.GetRequiredService<FileCollector>().RunAsync(CancellationToken.None);
        Assert.Null(await api.ScalarAsync<string>(BlobSql, id));
        Assert.False(File.Exists(path));

        using var again = await client.PostAsync("get_file", ("id", $"{id}"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(whole, await again.Content.ReadAsByteArrayAsync());
        Assert.True(File.Exists(path));

        api.Time.Advance(TimeSpan.FromDays(71));
        await sweep.RunAsync(CancellationToken.None); // the bytes
        await sweep.RunAsync(CancellationToken.None); // and the id
        using var forgotten = await client.PostAsync("get_file", ("id", $"{id}"));
        await forgotten.FailsAsTextAsync(HttpStatusCode.NotFound, "File not found");
        await client.DownloadAsync(("pack", pack.Slug));
    }

    [Fact]
    public async Task Archive_WithTheBytesOfAnother_StaysInTheStoreForThat()
    {
        var (one, other) = (await api.NewPackAsync(Files), await api.NewPackAsync(Files));
        var (first, second) = (api.NewClient(), api.NewClient());
        var id = (await first.DownloadAsync(("pack", one.Slug))).Answer.GetProperty("id").GetInt64();
        var kept = (await second.DownloadAsync(("pack", other.Slug))).Answer.GetProperty("id").GetInt64();
        Assert.Equal(await api.ScalarAsync<string>(BlobSql, id), await api.ScalarAsync<string>(BlobSql, kept));
        await api.ExecuteAsync("UPDATE railcraft_archives SET last_used_at = last_used_at - interval '30 days' WHERE id = $1", id);
        await api.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ArchiveSweep>().Single().RunAsync(CancellationToken.None);
        await api.Services.GetRequiredService<FileCollector>().RunAsync(CancellationToken.None);
        Assert.Null(await api.ScalarAsync<string>(BlobSql, id));
        using var file = await second.PostAsync("get_file", ("id", $"{kept}"));
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
    }

    [Fact]
    public async Task Request_OfAClient_NamesItsAddressToIdentity()
    {
        var client = api.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/get_file/") { Content = new FormUrlEncodedContent(client.Fields) };
        request.Headers.Add("X-Forwarded-For", "203.0.113.5");
        using var answer = await api.Plain.SendAsync(request);
        Assert.Equal("203.0.113.5", api.Identity.LastAddress);
    }

    private async Task<HttpResponseMessage> RangeAsync(RailcraftClient client, long id, RangeHeaderValue range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/get_file/") { Content = new FormUrlEncodedContent([.. client.Fields, KeyValuePair.Create("id", $"{id}")]) };
        request.Headers.Range = range;
        return await api.Plain.SendAsync(request);
    }
}

/// <summary>A hub whose archives are for all clients of a pack, and whose failures of files have the status 200.</summary>
public sealed class OpenArchiveTests(OpenArchiveTests.OpenApi api) : IClassFixture<OpenArchiveTests.OpenApi>
{
    [Fact]
    public async Task File_OfAnotherClientsId_IsForAllWhoSeeThePack()
    {
        var pack = await api.NewPackAsync(new PackFile("mods/alpha.txt", "alpha"));
        var id = (await api.NewClient().CallAsync("get_download_url", ("pack", pack.Slug))).GetProperty("id").GetRawText();
        using (var file = await api.NewClient().PostAsync("get_file", ("id", id))) Assert.Equal("application/zip", file.Content.Headers.ContentType?.MediaType);
        await pack.Owner.Client.PatchAsync($"/api/v1/packs/{pack.Slug}", System.Net.Http.Json.JsonContent.Create(new { visibility = "private" })).JsonAsync();
        using var refused = await api.NewClient().PostAsync("get_file", ("id", id));
        await refused.FailsAsTextAsync(HttpStatusCode.OK, "File not found");
    }

    [Fact]
    public async Task File_ThatIsRefused_HasTheStatus200()
    {
        using (var noId = await api.NewClient().PostAsync("get_file")) await noId.FailsAsTextAsync(HttpStatusCode.OK, "ID is required");
        using (var byGet = await api.Plain.GetAsync("/api/get_file/")) await byGet.FailsAsTextAsync(HttpStatusCode.OK, "A POST request is required");
        using var nobody = await api.Plain.PostAsync("/api/get_file/", content: null);
        await nobody.FailsAsTextAsync(HttpStatusCode.OK, "Client ID required");
    }

    public sealed class OpenApi : RailcraftApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["RailcraftPack:ArchiveAccess"] = "Pack";
            settings["RailcraftPack:FileErrorsAsOk"] = "true";
        }
    }
}
