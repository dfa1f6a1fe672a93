using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Downloads;

public sealed class DownloadPackTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Download_JustPublished_RedirectsToAZipOfAllFiles()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        byte[] script = await publisher.UploadAsync("#!/bin/sh"), text = await publisher.UploadAsync();
        var draft = publisher.Draft(slug, "1.0.0", text);
        draft["files"] = new JsonArray(File("Mods/run.sh", script, executable: true), File("Mods/A/é.txt", text), File("Mods/A/again.txt", text));
        var manifest = publisher.Sign(draft);
        await publisher.SendAsync(slug, manifest).SucceedsAsync(HttpStatusCode.Created);

        var location = await LocationAsync(slug);
        Assert.EndsWith($"/{slug}-1.0.0.zip", location.AbsolutePath, StringComparison.Ordinal);
        using var response = await api.Anonymous.GetAsync(location.AbsolutePath);
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("attachment", $"{slug}-1.0.0.zip"), (response.Content.Headers.ContentDisposition!.DispositionType, response.Content.Headers.ContentDisposition.FileName));
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.GetValues("Cache-Control").Single());
        var zip = await response.Content.ReadAsByteArrayAsync();
        using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.Equal(["Mods/A/again.txt", "Mods/A/é.txt", "Mods/run.sh", "_packrelay-manifest.json"], archive.Entries.Select(entry => entry.FullName));
        Assert.Equal([0x1A4, 0x1A4, 0x1ED, 0x1A4], archive.Entries.Select(entry => (entry.ExternalAttributes >> 16) & 0x1FF));
        Assert.Equal([text, text, script, manifest], Enumerable.Range(0, 4).Select(index => Read(archive, index)));

        var bundle = (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/versions/1.0.0").JsonAsync()).GetProperty("bundle");
        Assert.Equal((Publisher.Sha256(zip), zip.LongLength), (bundle.GetProperty("sha256").GetString(), bundle.GetProperty("sizeBytes").GetInt64()));
#pragma warning disable CA5351 // Solder's launchers check downloads by MD5
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(zip)), bundle.GetProperty("md5").GetString());
#pragma warning restore CA5351
        Assert.EndsWith($"/api/v1/packs/{slug}/download?version=1.0.0", bundle.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetBundle_RangeBehindItsEnd_SaysSoAndIsNotKept()
    {
        var location = await LocationAsync(await api.NewPublisher().PublishPackAsync("1.0.0"));
        using var request = new HttpRequestMessage(HttpMethod.Get, location.AbsolutePath) { Headers = { Range = new RangeHeaderValue(1_000_000, null) } };
        using var response = await api.Anonymous.SendAsync(request);
        await Task.FromResult(response).FailsAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "invalid_range");
        var size = (await api.Anonymous.GetByteArrayAsync(location.AbsolutePath)).Length;
        Assert.Equal($"bytes */{size}", response.Content.Headers.ContentRange!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.False(response.Content.Headers.Contains("Content-Disposition"));
    }

    [Fact]
    public async Task Download_OfAVersion_LeadsToThatVersionAndCountsForItsPack()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0", "2.0.0");
        Assert.EndsWith("-2.0.0.zip", (await LocationAsync(slug)).AbsolutePath, StringComparison.Ordinal);
        Assert.EndsWith("-1.0.0.zip", (await LocationAsync(slug, "?version=1.0.0")).AbsolutePath, StringComparison.Ordinal);
        await CountAsync(slug, 2);
        Assert.Equal(2, await api.ScalarAsync<long>("SELECT installs_last_week FROM packs WHERE slug = $1", slug));
    }

    [Fact]
    public async Task Download_ByManyAtOnce_CountsEachOne()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        await LocationAsync(slug);
        await Task.WhenAll(Enumerable.Range(0, 99).Select(_ => LocationAsync(slug)));
        await CountAsync(slug, 100);
    }

    [Fact]
    public async Task Head_LeadsThereAndDoesNotCount()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        using var head = await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/v1/packs/{slug}/download"));
        Assert.Equal((HttpStatusCode.Redirect, await LocationAsync(slug)), (head.StatusCode, head.Headers.Location));
        await CountAsync(slug, 1); // the GET of the line before
        var size = await api.ScalarAsync<long>("SELECT b.size_bytes FROM bundles b JOIN packs p ON p.latest_version_id = b.version_id WHERE p.slug = $1", slug);
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<long>("SELECT bytes FROM egress WHERE account_id = $1", publisher.Caller.AccountId) == size, TimeSpan.FromSeconds(30), "one download is charged");
    }

    [Fact]
    public async Task Download_WithdrawnOrUnknown_IsRefusedAndNotCounted()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "2.0.0");
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/2.0.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        var path = $"/api/v1/packs/{slug}/download";
        await api.Anonymous.GetAsync($"{path}?version=2.0.0").FailsAsync(HttpStatusCode.Gone, "withdrawn");
        await api.Anonymous.GetAsync($"{path}?version=3.0.0").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync($"{path}?version=").FailsAsync(HttpStatusCode.BadRequest, "invalid_version");
        await api.Anonymous.GetAsync($"{path}?version=new").FailsAsync(HttpStatusCode.BadRequest, "invalid_version");
        await api.Anonymous.GetAsync($"{path}?version=%00").FailsAsync(HttpStatusCode.BadRequest, "invalid_version");
        await api.Anonymous.GetAsync("/api/v1/packs/no-such-pack/download").FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.EndsWith("-1.0.0.zip", (await LocationAsync(slug)).AbsolutePath, StringComparison.Ordinal);
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/1.0.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        await api.Anonymous.GetAsync(path).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await CountAsync(slug, 1);
    }

    [Fact]
    public async Task Download_PrivatePack_OnlyItsOwner()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var slug = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.PublishAsync(slug, "1.0.0");
        var strangers = new[]
        {
            api.Anonymous,
            api.NewPublisher().Client,
            api.NewPublisher(change: caller => caller with { Role = Role.Player }).Client,
            publisher.ClientWith(caller => caller with { Packs = ["another-pack"] }),
        };
        foreach (var path in new[] { $"/api/v1/packs/{slug}/download", $"/api/v1/packs/{slug}/download?version=1.0.0" })
        {
            foreach (var stranger in strangers) await stranger.GetAsync(path).FailsAsync(HttpStatusCode.NotFound, "not_found");
            await publisher.Client.GetAsync(path).SucceedsAsync(HttpStatusCode.Redirect);
        }
    }

    [Fact]
    public async Task Get_PartOfABundle_AnswersTheRange()
    {
        var location = await LocationAsync(await api.NewPublisher().PublishPackAsync("1.0.0"));
        var whole = await api.Anonymous.GetByteArrayAsync(location.AbsolutePath);
        using var request = new HttpRequestMessage(HttpMethod.Get, location.AbsolutePath) { Headers = { Range = new RangeHeaderValue(10, 29) } };
        using var part = await api.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..30], await part.Content.ReadAsByteArrayAsync());
        using var known = new HttpRequestMessage(HttpMethod.Get, location.AbsolutePath) { Headers = { IfNoneMatch = { part.Headers.ETag! } } };
        await api.Anonymous.SendAsync(known).SucceedsAsync(HttpStatusCode.NotModified);
        using var head = await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, location.AbsolutePath));
        Assert.Equal((HttpStatusCode.OK, whole.LongLength), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Get_WhatIsNoBundle_Is404()
    {
        var publisher = api.NewPublisher();
        var file = Publisher.Sha256(await publisher.UploadAsync());
        var bundle = (await LocationAsync(await publisher.PublishPackAsync("1.0.0"))).Segments[3].TrimEnd('/');
        foreach (var path in new[] { $"{file}/a.zip", $"{bundle}/a.exe", $"{bundle}/a%22.zip", $"{bundle}/.zip", $"{bundle[1..]}/a.zip", $"{bundle.ToUpperInvariant()}/a.zip" })
            await api.Anonymous.GetAsync($"/cdn/bundles/{path}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Download_WhenTheBundleCannotBeBuilt_SaysWhenToAskAgainAndRecovers()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        await LocationAsync(slug);
        // As a version whose bundle fails and is not due: nobody builds it for now.
        const string sql = "UPDATE bundles SET built_at = NULL, sha256 = NULL, md5 = NULL, size_bytes = NULL, due_at = $2 WHERE version_id = (SELECT latest_version_id FROM packs WHERE slug = $1)";
        await api.ExecuteAsync(sql, slug, TimeProvider.System.GetUtcNow().AddHours(1));
        using var response = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
        Assert.Equal((HttpStatusCode.NotFound, true), (response.StatusCode, response.Headers.RetryAfter!.Delta > TimeSpan.Zero));
        Assert.Contains("\"bundle_unavailable\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await api.ExecuteAsync(sql, slug, TimeProvider.System.GetUtcNow());
        await api.WaitUntilAsync(
            async () => (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download")).StatusCode == HttpStatusCode.Redirect, TimeSpan.FromSeconds(60), "the bundle is built after all");
    }

    [Fact]
    public async Task Build_WhileAnotherReplicaHoldsTheVersion_PassesItOverThenGivesTheSameBytes()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        var hash = (await LocationAsync(slug)).Segments[3].TrimEnd('/');
        var id = await api.ScalarAsync<Guid>("SELECT latest_version_id FROM packs WHERE slug = $1", slug);
        var pass = api.Services.GetRequiredService<BundlePass>();
        await using var other = await api.Postgres.Source.OpenConnectionAsync();
        await using var session = await api.Postgres.Source.OpenConnectionAsync();
        Assert.True(await other.ScalarAsync<bool>("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", CancellationToken.None, $"bundle:{id}"));
        await api.ExecuteAsync("UPDATE bundles SET built_at = NULL, sha256 = NULL, md5 = NULL, size_bytes = NULL WHERE version_id = $1", id);
        while (await pass.RunAsync(session, new BundleSizes(0, long.MaxValue), CancellationToken.None))
        {
            // What other tests want.
        }

        Assert.Null(await api.ScalarAsync<string>("SELECT sha256 FROM bundles WHERE version_id = $1", id));
        await other.ScalarAsync<bool>("SELECT pg_advisory_unlock(hashtextextended($1, 0))", CancellationToken.None, $"bundle:{id}");
        await api.WaitUntilAsync(
            async () => await pass.RunAsync(session, new BundleSizes(0, long.MaxValue), CancellationToken.None) || await api.ScalarAsync<string>("SELECT sha256 FROM bundles WHERE version_id = $1", id) == hash,
            TimeSpan.FromSeconds(60), "the bundle is built again");
        Assert.Equal(hash, await api.ScalarAsync<string>("SELECT sha256 FROM bundles WHERE version_id = $1", id));
    }

    [Fact]
    public async Task Build_OfManyOfWhichOneFails_GivesTheOthersTheirOwnBytes()
    {
        const string hashesSql = "SELECT array_agg(coalesce(b.sha256, '') ORDER BY v.position) FROM packs p JOIN pack_versions v ON v.pack_id = p.id JOIN bundles b ON b.version_id = v.id WHERE p.slug = $1";
        const string fileSql = "SELECT encode(f.sha256, 'hex') FROM packs p JOIN pack_versions v ON v.pack_id = p.id JOIN version_files f ON f.version_id = v.id WHERE p.slug = $1 AND v.version = '1.3.0'";
        var versions = Enumerable.Range(0, 12).Select(number => $"1.{number}.0").ToArray(); // more than are built at a time
        var slug = await api.NewPublisher().PublishPackAsync(versions);
        foreach (var version in versions) await LocationAsync(slug, $"?version={version}");
        var before = (await api.ScalarAsync<string[]>(hashesSql, slug))!;
        var file = (await api.ScalarAsync<string>(fileSql, slug))!;
        System.IO.File.Delete(Path.Combine(api.BlobFolder, file[..2], file[2..4], file));
        await api.ExecuteAsync(
            "UPDATE bundles b SET built_at = NULL, sha256 = NULL, md5 = NULL, size_bytes = NULL FROM packs p JOIN pack_versions v ON v.pack_id = p.id WHERE v.id = b.version_id AND p.slug = $1", slug);

        var pass = api.Services.GetRequiredService<BundlePass>();
        await using var session = await api.Postgres.Source.OpenConnectionAsync();
        await api.WaitUntilAsync(
            async () => !await pass.RunAsync(session, new BundleSizes(0, long.MaxValue), CancellationToken.None) && (await api.ScalarAsync<string[]>(hashesSql, slug))!.Count(hash => hash.Length > 0) == 11,
            TimeSpan.FromSeconds(60), "the other bundles are built again");
        var after = (await api.ScalarAsync<string[]>(hashesSql, slug))!;
        before[3] = "";
        Assert.Equal(before, after);
        Assert.Equal(12, before.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(0, await session.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()", CancellationToken.None));
        await api.ExecuteAsync("DELETE FROM bundles b USING packs p JOIN pack_versions v ON v.pack_id = p.id WHERE v.id = b.version_id AND p.slug = $1 AND b.built_at IS NULL", slug); // nothing stays behind to fail
    }

    private static JsonObject File(string path, byte[] content, bool executable = false)
    {
        var file = new JsonObject { ["path"] = path, ["sha256"] = Publisher.Sha256(content), ["size"] = content.Length };
        if (executable) file["executable"] = true;
        return file;
    }

    private static byte[] Read(ZipArchive archive, int index)
    {
        using var content = archive.Entries[index].Open();
        var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }

    private async Task<Uri> LocationAsync(string slug, string query = "")
    {
        using var response = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download{query}");
        Assert.True(response.StatusCode == HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.CacheControl!.NoStore);
        return response.Headers.Location!;
    }

    private Task CountAsync(string slug, long expected) => api.WaitUntilAsync(
        async () =>
        {
            if (await api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM download_batches b JOIN packs p ON p.id = b.pack_id WHERE p.slug = $1)", slug)) return false;
            return (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync()).GetProperty("downloadCount").GetInt64() == expected;
        },
        TimeSpan.FromSeconds(30),
        $"{expected} downloads are counted");
}
