using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Servers;

namespace PackRelay.ServiceDefaults.Tests.Postgres;

public sealed class MigrationsTests : IAsyncLifetime
{
    private static readonly Assembly[] Sources = [typeof(OutboxFeature).Assembly];

    private TestPostgres postgres = null!;

    public async Task InitializeAsync() => postgres = await TestPostgres.CreateAsync();

    public async Task DisposeAsync() => await postgres.DisposeAsync();

    [Fact]
    public async Task Apply_ByTwoReplicasAtOnce_RunsEachScriptOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrations().ApplyAsync(Sources, CancellationToken.None)));

        Assert.Equal(MigrationScript.Of(Sources[0]).Count, await postgres.Source.ScalarAsync<long>("SELECT count(*) FROM schema_migrations", CancellationToken.None));
        Assert.Equal(0, await postgres.Source.ScalarAsync<long>("SELECT count(*) FROM outbox", CancellationToken.None));
    }

    [Fact]
    public async Task Apply_AfterAScriptWasChanged_IsRefused()
    {
        await Migrations().ApplyAsync(Sources, CancellationToken.None);
        await postgres.Source.ExecuteAsync("UPDATE schema_migrations SET sha256 = 'another' WHERE number = 1", CancellationToken.None);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrations().ApplyAsync(Sources, CancellationToken.None));
        Assert.Contains("0001_outbox was changed after it ran", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_OfAnAssembly_AreInOrder() =>
        Assert.Equal([(1, "outbox")], MigrationScript.Of(Sources[0]).Select(script => (script.Number, script.Name)));

    private Migrations Migrations() => new(postgres.Source, NullLogger<Migrations>.Instance);
}
