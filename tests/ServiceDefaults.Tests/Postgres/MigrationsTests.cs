using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing;
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
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Create().ApplyAsync(Sources, CancellationToken.None)));

        Assert.Equal(MigrationScript.Of(Sources[0]).Count, await postgres.Source.ScalarAsync<long>("SELECT count(*) FROM schema_migrations", CancellationToken.None));
        Assert.Equal(0, await postgres.Source.ScalarAsync<long>("SELECT count(*) FROM outbox", CancellationToken.None));
    }

    [Fact]
    public async Task Apply_WhileAnotherReplicaTakesLong_OutwaitsTheCommandTimeout()
    {
        const string WaitsSql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database() AND clock_timestamp() - query_start > '1.5 s')";
        await using var other = await postgres.Source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync("SELECT pg_advisory_xact_lock(x'5061636B52656C61'::bigint)", CancellationToken.None);

        await using var impatient = new NpgsqlDataSourceBuilder(postgres.ConnectionString) { ConnectionStringBuilder = { CommandTimeout = 1 } }.Build();
        var applying = new Migrations(impatient, NullLogger<Migrations>.Instance).ApplyAsync(Sources, CancellationToken.None);
        await Wait.UntilAsync(async () => applying.IsCompleted || await postgres.Source.ScalarAsync<bool>(WaitsSql, CancellationToken.None), "the replica has waited for longer than its time-out");
        await transaction.CommitAsync();

        await applying;
    }

    [Fact]
    public async Task Apply_AfterAScriptWasChanged_IsRefused()
    {
        await Create().ApplyAsync(Sources, CancellationToken.None);
        await postgres.Source.ExecuteAsync("UPDATE schema_migrations SET sha256 = 'another' WHERE number = 1", CancellationToken.None);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Create().ApplyAsync(Sources, CancellationToken.None));
        Assert.Contains("0001_outbox was changed after it ran", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_OfAnAssembly_AreInOrder() =>
        Assert.Equal([(1, "outbox")], MigrationScript.Of(Sources[0]).Select(script => (script.Number, script.Name)));

    private Migrations Create() => new(postgres.Source, NullLogger<Migrations>.Instance);
}
