using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Keeps this replica's copy fresh: every replica gets each event.</summary>
internal sealed class ServerMapConsumer(ServerMap map)
    : IEventConsumer<ServerChanged>, IEventConsumer<ServerRemoved>, IEventConsumer<PackVersionPublished>, IEventConsumer<PackVersionWithdrawn>
{
    public Task ConsumeAsync(ServerChanged changed, CancellationToken cancellationToken)
    {
        map.Put(changed.ToServer());
        if (changed.ToPack() is { } pack) map.Put(pack);
        return Task.CompletedTask;
    }

    public Task ConsumeAsync(ServerRemoved removed, CancellationToken cancellationToken)
    {
        map.Put(removed.ToServer());
        return Task.CompletedTask;
    }

    public Task ConsumeAsync(PackVersionPublished published, CancellationToken cancellationToken)
    {
        map.Put(published.ToPack());
        return Task.CompletedTask;
    }

    public Task ConsumeAsync(PackVersionWithdrawn withdrawn, CancellationToken cancellationToken)
    {
        map.Put(withdrawn.ToPack());
        return Task.CompletedTask;
    }
}
