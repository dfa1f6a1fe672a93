using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace PackRelay.Heartbeats.Tests;

/// <summary>Answers beats as a test says: a status, or null to close the connection without an answer.</summary>
internal sealed partial class FakeGateway : IAsyncDisposable
{
    private static readonly DateTimeOffset Seen = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    private readonly CancellationTokenSource stop = new();

    private readonly Func<Beaten, Task<int?>> answer;

    private readonly Task accepting;

    public FakeGateway(Func<Beaten, Task<int?>> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>A beat as it arrived.</summary>
    internal sealed record Beaten(string Slug, string Token, int Players);

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public ConcurrentQueue<Beaten> Beats { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = client.GetStream();
        var (buffer, length) = (new byte[8192], 0);
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length), stop.Token) is > 0 and var count)
            {
                length += count;
                if (Request().Match(Encoding.ASCII.GetString(buffer, 0, length)) is not { Success: true } request) continue;
                if (length < request.Groups["head"].Length + int.Parse(request.Groups["length"].Value, System.Globalization.CultureInfo.InvariantCulture)) continue;
                length = 0;
                var beat = new Beaten(request.Groups["slug"].Value, request.Groups["token"].Value, int.Parse(request.Groups["players"].Value, System.Globalization.CultureInfo.InvariantCulture));
                Beats.Enqueue(beat);
                if (await answer(beat) is not { } status) return;
                var body = status == 200 ? $"{{\"ok\":true,\"lastSeenAt\":\"{Seen:O}\",\"online\":true}}" : "{}";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\n\r\n{body}"), stop.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The test is over.
        }
    }

    [GeneratedRegex(
        @"^(?<head>POST /api/v1/servers/(?<slug>[a-z0-9-]+)/heartbeat HTTP/1\.1\r\n.*Authorization: Bearer (?<token>\S+)\r\n.*Content-Length: (?<length>\d+)\r\n\r\n)\{""currentPlayers"":(?<players>\d+),",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Request();
}
