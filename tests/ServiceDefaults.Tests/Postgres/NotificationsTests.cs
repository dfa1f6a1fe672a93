using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Servers;

namespace PackRelay.ServiceDefaults.Tests.Postgres;

public sealed class NotificationsTests : IAsyncLifetime
{
    private TestPostgres postgres = null!;

    private NpgsqlDataSource source = null!;

    public async Task InitializeAsync()
    {
        postgres = await TestPostgres.CreateAsync();
        source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 1, NoResetOnClose = true });
    }

    public async Task DisposeAsync()
    {
        await source.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Listen_WhileItLasts_HearsTheChannel()
    {
        var isHeard = false;
        await source.ListenAsync(
            "news",
            async session =>
            {
                await postgres.Source.ExecuteAsync("NOTIFY news", CancellationToken.None);
                isHeard = await session.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            },
            CancellationToken.None);
        Assert.True(isHeard);
    }

    [Fact]
    public async Task Listen_WhoseWorkFailed_GivesASessionBackThatHearsNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => source.ListenAsync("news", _ => throw new InvalidOperationException("work"), CancellationToken.None));

        Assert.Equal(0, await source.ScalarAsync<long>("SELECT count(*) FROM pg_listening_channels()", CancellationToken.None)); // the pool has one session only
    }
}
