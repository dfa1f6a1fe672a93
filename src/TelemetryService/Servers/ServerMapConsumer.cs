using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Keeps this replica's copy fresh: every replica gets each event.</summary>
internal sealed class ServerMapConsumer(ServerMap map)
    : IConsumer<ServerChanged>, IConsumer<ServerRemoved>, IConsumer<PackVersionPublished>, IConsumer<PackVersionWithdrawn>
{
    public Task Consume(ConsumeContext<ServerChanged> context)
    {
        map.Put(context.Message.ToServer());
        if (context.Message.ToPack() is { } pack) map.Put(pack);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ServerRemoved> context)
    {
        map.Put(context.Message.ToServer());
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<PackVersionPublished> context)
    {
        map.Put(context.Message.ToPack());
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<PackVersionWithdrawn> context)
    {
        map.Put(context.Message.ToPack());
        return Task.CompletedTask;
    }
}
