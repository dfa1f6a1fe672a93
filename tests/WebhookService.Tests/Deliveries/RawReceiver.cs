using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A listener on loopback that answers as no HTTP server would. A connection gets what <c>serve</c> does with it, and ends with it.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<Socket, CancellationToken, Task> serve;
    private readonly Task accepting;
    private int connections;

    private RawReceiver(Func<Socket, CancellationToken, Task> serve)
    {
        this.serve = serve;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Serves every connection as it is, from its first byte.</summary>
    public static RawReceiver Start(Func<Socket, CancellationToken, Task> serve) => new(serve);

    /// <summary>Reads the request to its end first.</summary>
    public static RawReceiver StartAfterRequest(Func<Socket, CancellationToken, Task> serve) => new(async (socket, stop) =>
    {
        await ReadRequestAsync(socket, stop);
        await serve(socket, stop);
    });

    public Uri Url(string scheme = "http") => new($"{scheme}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                served.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await serve(socket, stopping.Token);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // The hub hung up, or the test has ended.
            }
        }
    }

    private static async Task ReadRequestAsync(Socket socket, CancellationToken stop)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, stop) is > 0 and var read)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var request = text.ToString();
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var length = request.Split("Content-Length: ")[1].Split("\r\n")[0];
            if (request.Length - end - 4 >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)) return;
        }
    }
}
