using System.Net.Sockets;

namespace PackRelay.ServiceDefaults.Discovery;

/// <summary>
/// Sends a request for <c>http://catalog/...</c> to one of that service's replicas in turn. A replica that cannot be connected to got nothing of
/// the request, so the next one is tried; anything later is the caller's to judge.
/// </summary>
internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    private int turn;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.RequestUri!;
        var replicas = endpoints.Of(target.Host);
        if (replicas.Count == 0) throw new InvalidOperationException($"The service '{target.Host}' is not configured: set services__{target.Host}__http__0.");

        var first = (uint)Interlocked.Increment(ref turn);
        for (var attempt = 0; ; attempt++)
        {
            request.RequestUri = new Uri(replicas[(int)((first + attempt) % replicas.Count)], target.PathAndQuery);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException && attempt + 1 < replicas.Count)
            {
            }
        }
    }
}
