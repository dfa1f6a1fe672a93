using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Writes the durable projection; one replica gets each event. Revisions make it indifferent to redelivery and order.</summary>
internal sealed class ServerProjectionConsumer(ServerQueries queries, PackIntake packs, ServerMap map)
    : IEventConsumer<ServerChanged>, IEventConsumer<ServerRemoved>, IEventConsumer<PackVersionPublished>, IEventConsumer<PackVersionWithdrawn>
{
    public async Task ConsumeAsync(ServerChanged changed, CancellationToken cancellationToken)
    {
        var server = changed.ToServer();
        await queries.PutAsync(server, cancellationToken);
        map.Put(server);
        if (changed.ToPack() is { } pack) await PutAsync(pack, cancellationToken);
    }

    public async Task ConsumeAsync(ServerRemoved removed, CancellationToken cancellationToken)
    {
        var server = removed.ToServer();
        await queries.PutAsync(server, cancellationToken);
        await queries.ForgetStatusAsync(server.Id, cancellationToken);
        map.Put(server);
    }

    public Task ConsumeAsync(PackVersionPublished published, CancellationToken cancellationToken) => PutAsync(published.ToPack(), cancellationToken);

    public Task ConsumeAsync(PackVersionWithdrawn withdrawn, CancellationToken cancellationToken) => PutAsync(withdrawn.ToPack(), cancellationToken);

    private async Task PutAsync(KnownPack pack, CancellationToken cancellationToken)
    {
        await packs.PutAsync(pack, cancellationToken);
        map.Put(pack);
    }
}
