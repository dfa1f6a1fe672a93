using System.Collections.Concurrent;
using System.Net;

namespace PackRelay.WebhookService.Targets;

/// <summary>Finds the addresses of a host name; gives up waiting when <paramref name="stop"/> is cancelled.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken stop);

/// <summary>
/// Asks the system's resolver. That blocks a thread for as long as a name server keeps silent, so it gets a thread of its own: on the pool, some names that are never
/// answered would delay every other webhook. Whoever asks for a name that is being looked up waits for the same answer; none is kept.
/// </summary>
internal sealed class HostNames
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> underWay = new(StringComparer.OrdinalIgnoreCase);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop) => IPAddress.TryParse(host, out var literal)
        ? Task.FromResult<IPAddress[]>([literal])
        : underWay.GetOrAdd(host, static (host, self) => new(() => self.LookUpAsync(host)), this).Value.WaitAsync(stop);

    private Task<IPAddress[]> LookUpAsync(string host) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return Dns.GetHostAddresses(host);
            }
            finally
            {
                underWay.TryRemove(host, out _);
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
