using System.Net;
using System.Net.Sockets;

namespace PackRelay.WebhookService.Targets;

/// <summary>
/// Opens the connections of webhooks. The address is looked at after resolution and is then the one connected to, so a name that
/// answers differently the second time gains nothing.
/// </summary>
internal sealed class TargetConnector(TargetRules rules, HostResolver resolve)
{
    /// <summary>A client that goes nowhere else: no redirects, no proxy of the environment, no cookies, no trace headers for strangers.</summary>
    public HttpMessageInvoker CreateClient() => new(
        new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null, // also keeps URLs, which may hold a receiver's token, out of our traces
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // a name that moved is followed
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 16, // KB
            MaxResponseDrainSize = 0, // what we did not want to read is not read to save the connection either
        },
        disposeHandler: true);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var encrypted = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        var addresses = await resolve(context.DnsEndPoint.Host, stop);
        var admitted = Array.FindAll(addresses, address => rules.Admit(address, encrypted));
        if (admitted.Length == 0) throw new TargetRefusedException();

        var socket = await ConnectAsync(admitted, context.DnsEndPoint.Port, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken stop)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], port, stop);
                return socket;
            }
            catch (Exception error)
            {
                socket.Dispose();
                if (error is not SocketException || i == addresses.Length - 1) throw; // else the name's next address may answer
            }
        }
    }
}

/// <summary>None of the addresses behind a webhook's host may be connected to. The text does not say which they are: that would map our network.</summary>
internal sealed class TargetRefusedException() : IOException("the host has no address on the public internet");
