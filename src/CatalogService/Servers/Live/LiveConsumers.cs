using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Servers.Live;

/// <summary>What heartbeats said, once a second for all servers of a replica.</summary>
internal sealed class ServersLiveConsumer(LiveQueries live) : IConsumer<ServersLive>
{
    public Task Consume(ConsumeContext<ServersLive> context) => live.ApplyAsync(context.Message.Servers, context.CancellationToken);
}

/// <summary>The first heartbeat of a server.</summary>
internal sealed class ServerWentOnlineConsumer(LiveQueries live) : IConsumer<ServerWentOnline>
{
    public Task Consume(ConsumeContext<ServerWentOnline> context) => live.ApplyAsync(context.Message, context.CancellationToken);
}

/// <summary>The end of them.</summary>
internal sealed class ServerWentOfflineConsumer(LiveQueries live) : IConsumer<ServerWentOffline>
{
    public Task Consume(ConsumeContext<ServerWentOffline> context) => live.ApplyAsync(context.Message, context.CancellationToken);
}
