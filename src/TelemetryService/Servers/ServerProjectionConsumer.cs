using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Writes the durable projection; one replica gets each event. Revisions make it indifferent to redelivery and order.</summary>
internal sealed class ServerProjectionConsumer(ServerQueries queries, PackIntake packs, ServerMap map)
    : IConsumer<ServerChanged>, IConsumer<ServerRemoved>, IConsumer<PackVersionPublished>, IConsumer<PackVersionWithdrawn>
{
    public async Task Consume(ConsumeContext<ServerChanged> context)
    {
        var server = context.Message.ToServer();
        await queries.PutAsync(server, context.CancellationToken);
        map.Put(server);
        if (context.Message.ToPack() is { } pack) await PutAsync(pack, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ServerRemoved> context)
    {
        var server = context.Message.ToServer();
        await queries.PutAsync(server, context.CancellationToken);
        await queries.ForgetStatusAsync(server.Id, context.CancellationToken);
        map.Put(server);
    }

    public Task Consume(ConsumeContext<PackVersionPublished> context) => PutAsync(context.Message.ToPack(), context.CancellationToken);

    public Task Consume(ConsumeContext<PackVersionWithdrawn> context) => PutAsync(context.Message.ToPack(), context.CancellationToken);

    private async Task PutAsync(KnownPack pack, CancellationToken stop)
    {
        await packs.PutAsync(pack, stop);
        map.Put(pack);
    }
}
