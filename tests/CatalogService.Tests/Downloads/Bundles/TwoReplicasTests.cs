using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Downloads.Bundles;

/// <summary>Two replicas that build when the test says so: the builders that work by themselves are off.</summary>
public sealed class TwoReplicasTests(TwoReplicasTests.WithoutBuilders api) : IClassFixture<TwoReplicasTests.WithoutBuilders>
{
    private const string BundleSql = """
        SELECT b.sha256 || ' ' || b.md5 || ' ' || b.size_bytes FROM bundles b JOIN pack_versions v ON v.id = b.version_id JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1
        """;

    private const string WantedSql = "SELECT EXISTS (SELECT FROM bundles b JOIN pack_versions v ON v.id = b.version_id JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1)";

    private const string ForgetSql = """
        UPDATE bundles SET built_at = NULL, sha256 = NULL, md5 = NULL, size_bytes = NULL
         WHERE version_id IN (SELECT v.id FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1)
        """;

    [Fact]
    public async Task Build_ByTwoReplicasAtOnce_IsDoneOnceAndEitherGivesTheSameBytes()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = RandomNumberGenerator.GetBytes(2_000_000); // takes a moment: the others come meanwhile
        await publisher.PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        await publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, "1.0.0", file))).SucceedsAsync(HttpStatusCode.Created);
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(WantedSql, slug), TimeSpan.FromSeconds(30), "the bundle is wanted");

        var second = new SecondReplica(api, WithoutBuilders.Remove);
        await second.InitializeAsync();
        try
        {
            var built = await Task.WhenAll(BuildAsync(api), BuildAsync(second), BuildAsync(api), BuildAsync(second));
            Assert.Single(built, wasBuilt => wasBuilt);
            var bundle = await api.ScalarAsync<string>(BundleSql, slug);
            Assert.NotNull(bundle);
            Assert.DoesNotContain(true, await Task.WhenAll(BuildAsync(api), BuildAsync(second))); // nothing is left to do

            foreach (var replica in new ServiceFixture<Program>[] { second, api })
            {
                await api.ExecuteAsync(ForgetSql, slug);
                Assert.True(await BuildAsync(replica));
                Assert.Equal(bundle, await api.ScalarAsync<string>(BundleSql, slug));
            }
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task Build_OfWhatADownloadWaitsFor_ComesBeforeSmallerOnes()
    {
        const string orderSql = "SELECT p.slug FROM bundles b JOIN pack_versions v ON v.id = b.version_id JOIN packs p ON p.id = v.pack_id WHERE p.slug = ANY($1) ORDER BY b.built_at";
        var small = await api.NewPublisher().PublishPackAsync("1.0.0");
        var publisher = api.NewPublisher();
        var big = await publisher.PublishPackAsync();
        var file = RandomNumberGenerator.GetBytes(500_000);
        await publisher.PutAsync(Publisher.Sha256(file), file).SucceedsAsync(HttpStatusCode.OK);
        await publisher.SendAsync(big, publisher.Sign(publisher.Draft(big, "1.0.0", file))).SucceedsAsync(HttpStatusCode.Created);

        var downloading = api.Anonymous.GetAsync(new Uri($"/api/v1/packs/{big}/download", UriKind.Relative));
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM bundles WHERE is_waited_for AND built_at IS NULL)"), TimeSpan.FromSeconds(30), "the download waits");
        Assert.True(await BuildAsync(api));
        using var answer = await downloading;
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        while (await BuildAsync(api))
        {
            // What the first pass had no time for.
        }

        await using var session = await api.Postgres.Source.OpenConnectionAsync();
        Assert.Equal([big, small], await session.ListAsync(orderSql, row => row.GetString(0), CancellationToken.None, [new[] { small, big }]));
    }

    private async Task<bool> BuildAsync(ServiceFixture<Program> replica)
    {
        await using var session = await api.Postgres.Source.OpenConnectionAsync();
        return await replica.Services.GetRequiredService<BundlePass>().RunAsync(session, new BundleSizes(0, long.MaxValue), CancellationToken.None);
    }

    public sealed class WithoutBuilders : CatalogApi
    {
        public static void Remove(IServiceCollection services) => services.Remove(services.Single(service => service.ImplementationType == typeof(BundleWorker)));

        protected override void ReplaceServices(IServiceCollection services) => Remove(services);
    }
}
