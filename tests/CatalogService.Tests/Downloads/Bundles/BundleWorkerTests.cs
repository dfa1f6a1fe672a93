using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Downloads.Bundles;

public sealed class BundleWorkerTests(BundleWorkerTests.WithAClockThatStands api) : IClassFixture<BundleWorkerTests.WithAClockThatStands>
{
    private const string BuiltSql = "SELECT b.built_at IS NOT NULL FROM bundles b JOIN pack_versions v ON v.id = b.version_id JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1";

    private const string IdSql = "SELECT latest_version_id FROM packs WHERE slug = $1";

    private const string ForgetSql = "UPDATE bundles SET built_at = NULL, sha256 = NULL, md5 = NULL, size_bytes = NULL, is_waited_for = $2 WHERE version_id = $1";

    // The builder of bigger bundles, which has nothing to do, looks every second.
    private const string OthersLookedSql = "SELECT max(query_start) > $1::timestamptz + interval '3 seconds' FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%FROM bundles b%'";

    private const string IsHeldUpSql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM bundles b%')";

    [Fact]
    public async Task Build_WhilePublishing_RestsUnlessADownloadCameToWaitMeanwhile()
    {
        var pace = api.Services.GetRequiredService<PublishPace>();
        var first = await BuiltPackAsync();
        var wanted = await BuiltPackAsync();
        var later = await BuiltPackAsync();

        await WhileABuilderIsHeldUpAsync(first, async () =>
        {
            await api.ExecuteAsync(ForgetSql, wanted.Id, true);
            await api.ExecuteAsync("NOTIFY bundles"); // heard by a builder that is not waiting for it
            api.Clock.Advance(TimeSpan.FromMinutes(1));
            pace.Published();
        });
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(BuiltSql, wanted.Slug), TimeSpan.FromSeconds(30), "what is waited for is built at once");

        await WhileABuilderIsHeldUpAsync(first, () =>
        {
            api.Clock.Advance(TimeSpan.FromMinutes(1));
            pace.Published();
            return Task.CompletedTask;
        });
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(BuiltSql, first.Slug), TimeSpan.FromSeconds(30), "the builder rests from its work");
        await api.ExecuteAsync(ForgetSql, later.Id, false);
        var since = await api.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(OthersLookedSql, since), TimeSpan.FromSeconds(30), "the other builder has looked a few times");
        Assert.False(await api.ScalarAsync<bool>(BuiltSql, later.Slug));
        await api.ExecuteAsync("NOTIFY bundles");
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(BuiltSql, later.Slug), TimeSpan.FromSeconds(30), "a download ends the rest");
    }

    private async Task<(string Slug, Guid Id)> BuiltPackAsync()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(BuiltSql, slug), TimeSpan.FromSeconds(30), "the bundle is built");
        return (slug, await api.ScalarAsync<Guid>(IdSql, slug));
    }

    /// <summary>Has a pack's bundle built again, and does something while its builder waits for the manifest.</summary>
    private async Task WhileABuilderIsHeldUpAsync((string Slug, Guid Id) pack, Func<Task> act)
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("LOCK TABLE pack_versions IN ACCESS EXCLUSIVE MODE", CancellationToken.None);
        await api.ExecuteAsync(ForgetSql, pack.Id, false);
        await api.WaitUntilAsync(() => api.ScalarAsync<bool>(IsHeldUpSql), TimeSpan.FromSeconds(30), "a builder has taken it up");
        await act();
        await transaction.RollbackAsync();
    }

    public sealed class WithAClockThatStands : CatalogApi
    {
        protected override void ReplaceServices(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
    }
}
