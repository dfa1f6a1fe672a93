using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Servers.Live;

/// <summary>What heartbeats said, once a second for all servers of a replica.</summary>
internal sealed class ServersLiveConsumer(LiveQueries live, LiveNotice notice) : IConsumer<ServersLive>
{
    public async Task Consume(ConsumeContext<ServersLive> context)
    {
        await live.ApplyAsync(context.Message.Servers, context.CancellationToken);
        notice.Give();
    }
}

/// <summary>The first heartbeat of a server.</summary>
internal sealed class ServerWentOnlineConsumer(LiveQueries live, LiveNotice notice) : IConsumer<ServerWentOnline>
{
    public async Task Consume(ConsumeContext<ServerWentOnline> context)
    {
        await live.ApplyAsync(context.Message, context.CancellationToken);
        notice.Give();
    }
}

/// <summary>The end of them.</summary>
internal sealed class ServerWentOfflineConsumer(LiveQueries live, LiveNotice notice) : IConsumer<ServerWentOffline>
{
    public async Task Consume(ConsumeContext<ServerWentOffline> context)
    {
        await live.ApplyAsync(context.Message, context.CancellationToken);
        notice.Give();
    }
}
