using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.ServiceDefaults.Tests.Outbox;

/// <summary>The smallest service that publishes: a database, a broker and the relay.</summary>
internal sealed class PublishingHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private PublishingHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    public NpgsqlDataSource Db => app.Services.GetRequiredService<NpgsqlDataSource>();

    /// <param name="database">Connection string of its database.</param>
    /// <param name="broker">Address of its broker.</param>
    /// <param name="consume">What it consumes, with the services that this needs; nothing when absent.</param>
    public static async Task<PublishingHost> StartAsync(string database, Uri broker, Action<IServiceCollection, MessagingBuilder>? consume = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Callers:SigningKey"] = "0123456789abcdef0123456789abcdef",
            ["ConnectionStrings:db"] = database,
            ["ConnectionStrings:messaging"] = broker.ToString(),
        });
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("db");
        builder.AddMessaging("messaging", bus => consume?.Invoke(builder.Services, bus));
        builder.Services.AddOutbox();
        var host = new PublishingHost(builder.Build());
        await ActivatorUtilities.CreateInstance<Migrations>(host.Services).ApplyAsync([typeof(OutboxFeature).Assembly], CancellationToken.None);
        await host.app.StartAsync();
        return host;
    }

    /// <summary>Writes an event in a transaction of its own.</summary>
    public Task<bool> CommitAsync(string entity, IHubEvent hubEvent) => CommitAsync((entity, hubEvent));

    /// <summary>Writes events in one transaction, so that they leave together.</summary>
    public Task<bool> CommitAsync(params (string Entity, IHubEvent Event)[] events) => Db.InTransactionAsync(
        async connection =>
        {
            foreach (var (entity, hubEvent) in events) await connection.PublishAsync(entity, hubEvent, CancellationToken.None);
            return true;
        },
        CancellationToken.None);

    public Task<long> WaitingAsync() => Db.ScalarAsync<long>("SELECT count(*) FROM outbox", CancellationToken.None);

    /// <summary>The n-th change of a pack.</summary>
    public static PackChanged Change(string slug, int revision) => new(
        Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, slug, revision, Created: revision == 1, Guid.Empty, "Name “ü” 🦊", "7d2d", "public", LatestVersion: null);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
