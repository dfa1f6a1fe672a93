using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Versions;
using PackRelay.Manifests.Reading;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Files.Collection;

public sealed class FileCollectorTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private FileCollector Collector => api.Services.GetRequiredService<FileCollector>();

    [Fact]
    public async Task Run_FileThatNothingNeeds_IsRemovedAfterADayThatIsLongEnough()
    {
        var publisher = api.NewPublisher();
        var (old, young) = (await publisher.UploadAsync(), await publisher.UploadAsync());
        await AgeAsync(old, days: 8);
        await AgeAsync(young, days: 6);
        await Collector.RunAsync(CancellationToken.None);
        await api.Anonymous.GetAsync($"/api/v1/files/{Publisher.Sha256(old)}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.False(File.Exists(BlobPath(old)));
        Assert.Equal(young, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(young)}"));
        Assert.Equal(young.Length, await api.ScalarAsync<long>("SELECT stored_bytes FROM account_storage WHERE account_id = $1", publisher.Caller.AccountId));
        await publisher.PutAsync(Publisher.Sha256(old), old).SucceedsAsync(HttpStatusCode.OK);
        Assert.Equal(old, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(old)}"));
    }

    [Fact]
    public async Task Run_FileOfAVersion_StaysUntilThePackIsGone()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        await publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, "1.0.0", file))).SucceedsAsync(HttpStatusCode.Created);
        await AgeAsync(file, days: 30);
        await Collector.RunAsync(CancellationToken.None);
        Assert.Equal(file, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}"));
        Assert.Equal(0, await CandidatesAsync(file));

        await publisher.Client.DeleteAsync($"/api/v1/packs/{slug}").SucceedsAsync();
        Assert.Equal(1, await CandidatesAsync(file));
        await Collector.RunAsync(CancellationToken.None);
        Assert.True(File.Exists(BlobPath(file)));
        await AgeAsync(file, days: 8);
        await Collector.RunAsync(CancellationToken.None);
        Assert.False(File.Exists(BlobPath(file)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_FileThatSomebodyJustAskedFor_Stays(bool puts)
    {
        var publisher = api.NewPublisher();
        var file = await publisher.UploadAsync();
        await AgeAsync(file, days: 8);
        if (puts) await api.NewPublisher().PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        else await publisher.Client.GetAsync($"/api/v1/files/exists?hash={Publisher.Sha256(file)}").SucceedsAsync(HttpStatusCode.OK);
        await Collector.RunAsync(CancellationToken.None);
        Assert.True(File.Exists(BlobPath(file)));
    }

    [Fact]
    public async Task Run_BesideAPublish_WaitsForItAndKeepsItsFiles()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var file = await publisher.UploadAsync();
        await AgeAsync(file, days: 8);
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var publishing = await connection.BeginTransactionAsync();
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(FileCollector.HoldOff());
            await batch.ExecuteNonQueryAsync();
        }

        var collecting = Collector.RunAsync(CancellationToken.None);
        await api.WaitUntilAsync(
            () => api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"),
            TimeSpan.FromSeconds(30),
            "the collector waits");
        await connection.ExecuteAsync(
            "INSERT INTO version_files SELECT v.id, $2 FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1", CancellationToken.None, slug, Convert.FromHexString(Publisher.Sha256(file)));
        await publishing.CommitAsync();
        await collecting;
        Assert.Equal(file, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}"));
    }

    [Fact]
    public async Task Publish_FilesCollectedAfterTheyWereLookedAt_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        var body = publisher.Sign(publisher.Draft(slug, "1.0.0", file));
        var manifest = ManifestReader.Read(body, api.Services.GetRequiredService<ManifestIntake>().Limits).Manifest!;
        var found = await api.Services.GetRequiredService<PackAccess>().FindAsync(slug, publisher.Caller, CancellationToken.None);
        Assert.True(found.TryGet(out var pack, out _));
        var looked = await api.Services.GetRequiredService<PublishChecks>().LookAtFilesAsync(manifest, CancellationToken.None);
        Assert.Null(looked.Refusal);
        await AgeAsync(file, days: 8);
        await Collector.RunAsync(CancellationToken.None);
        var error = await api.Services.GetRequiredService<NewVersions>().AddAsync(pack, manifest, body, new Actor(publisher.Caller, null), looked.Generation, CancellationToken.None);
        Assert.Equal(VersionErrors.MissingFiles, error?.Code);
    }

    [Fact]
    public async Task Run_FileBroughtAgainBeforeItsBlobWasRemoved_Stays()
    {
        var file = await api.NewPublisher().UploadAsync();
        await api.ExecuteAsync("INSERT INTO removed_files VALUES ($1, now())", Convert.FromHexString(Publisher.Sha256(file)));
        await Collector.RunAsync(CancellationToken.None);
        Assert.Equal(file, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}"));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM removed_files"));
    }

    [Fact]
    public async Task Run_FileOfAFramework_Stays()
    {
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        var file = await admin.UploadAsync();
        var path = $"/api/v1/frameworks/{Publisher.NewSlug()}/1.0";
        await admin.Client.PutAsJsonAsync(path, new { files = new[] { new { path = "a.dll", sha256 = Publisher.Sha256(file), size = file.Length } } }).SucceedsAsync(HttpStatusCode.Created);
        await AgeAsync(file, days: 30);
        await Collector.RunAsync(CancellationToken.None);
        Assert.Equal(file, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}"));
    }

    [Fact]
    public async Task Run_BundleOfADeletedPack_IsRemovedAndBuiltAnewWhenAVersionIsRestored()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        using var download = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
        var path = download.Headers.Location!.AbsolutePath;
        var bundle = await api.Anonymous.GetByteArrayAsync(path);
        await publisher.Client.DeleteAsync($"/api/v1/packs/{slug}").SucceedsAsync();
        await api.Anonymous.GetAsync(path).FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.True(File.Exists(BlobPath(bundle)));
        await Collector.RunAsync(CancellationToken.None);
        Assert.False(File.Exists(BlobPath(bundle)));

        await publisher.CreatePackAsync(slug);
        await publisher.Client.DeleteAsync($"/api/v1/packs/{slug}/versions/1.0.0/withdraw").SucceedsAsync();
        using var again = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
        Assert.Equal(path, again.Headers.Location!.AbsolutePath);
        await Collector.RunAsync(CancellationToken.None);
        Assert.Equal(bundle, await api.Anonymous.GetByteArrayAsync(path));
    }

    [Fact]
    public async Task Run_BundleThatSomebodyBroughtAsAFile_StaysABundle()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        using var download = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/download");
        var bundle = await api.Anonymous.GetByteArrayAsync(download.Headers.Location!.AbsolutePath);
        await api.NewPublisher().PutAsync(Publisher.Sha256(bundle), bundle).SucceedsAsync(HttpStatusCode.OK);
        await AgeAsync(bundle, days: 8);
        await Collector.RunAsync(CancellationToken.None);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM files WHERE sha256 = $1", Convert.FromHexString(Publisher.Sha256(bundle))));
        Assert.Equal(bundle, await api.Anonymous.GetByteArrayAsync(download.Headers.Location.AbsolutePath));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_VersionOfAPackThatWasDeleted_HasItsFilesOrAsksForThem(bool isCollected)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        await publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, "1.0.0", file))).SucceedsAsync(HttpStatusCode.Created);
        await publisher.Client.DeleteAsync($"/api/v1/packs/{slug}").SucceedsAsync();
        await publisher.CreatePackAsync(slug);
        var withdrawal = $"/api/v1/packs/{slug}/versions/1.0.0/withdraw";
        if (isCollected)
        {
            await AgeAsync(file, days: 8);
            await Collector.RunAsync(CancellationToken.None);
            var error = await publisher.Client.DeleteAsync(withdrawal).FailsAsync(HttpStatusCode.UnprocessableEntity, "missing_files");
            Assert.Equal(Publisher.Sha256(file), error.GetProperty("missing")[0].GetString());
            await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/1.0.0").FailsAsync(HttpStatusCode.Gone, "withdrawn");
            await publisher.PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        }

        await publisher.Client.DeleteAsync(withdrawal).SucceedsAsync();
        await AgeAsync(file, days: 8);
        await Collector.RunAsync(CancellationToken.None);
        Assert.Equal(file, await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}"));
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/1.0.0").SucceedsAsync(HttpStatusCode.OK);
    }

    private async Task<long> CandidatesAsync(byte[] file) =>
        await api.ScalarAsync<long>("SELECT count(*) FROM files WHERE sha256 = $1 AND idle_since IS NOT NULL", Convert.FromHexString(Publisher.Sha256(file)));

    private Task<int> AgeAsync(byte[] file, int days) =>
        api.ExecuteAsync("UPDATE files SET idle_since = now() - $2 * interval '1 day' WHERE sha256 = $1", Convert.FromHexString(Publisher.Sha256(file)), days);

    private string BlobPath(byte[] file)
    {
        var sha256 = Publisher.Sha256(file);
        return Path.Combine(api.BlobFolder, sha256[..2], sha256[2..4], sha256);
    }
}
