using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.CatalogService.Servers.Live;

/// <summary>What heartbeats said, once a second for all servers of a replica.</summary>
internal sealed class ServersLiveConsumer(LiveQueries live, LiveNotice notice) : IEventConsumer<ServersLive>
{
    public async Task ConsumeAsync(ServersLive state, CancellationToken cancellationToken)
    {
        await live.ApplyAsync(state.Servers, cancellationToken);
        notice.Give();
    }
}

/// <summary>The first heartbeat of a server.</summary>
internal sealed class ServerWentOnlineConsumer(LiveQueries live, LiveNotice notice) : IEventConsumer<ServerWentOnline>
{
    public async Task ConsumeAsync(ServerWentOnline transition, CancellationToken cancellationToken)
    {
        await live.ApplyAsync(transition, cancellationToken);
        notice.Give();
    }
}

/// <summary>The end of them.</summary>
internal sealed class ServerWentOfflineConsumer(LiveQueries live, LiveNotice notice) : IEventConsumer<ServerWentOffline>
{
    public async Task ConsumeAsync(ServerWentOffline transition, CancellationToken cancellationToken)
    {
        await live.ApplyAsync(transition, cancellationToken);
        notice.Give();
    }
}
