using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PackRelay.Heartbeats;

/// <summary>The answer to one beat.</summary>
/// <param name="Status">The status code.</param>
/// <param name="SeenAt">When the hub received it; only with 200.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BeatAnswer(int Status, DateTimeOffset SeenAt);

/// <summary>One keep-alive connection of a server to the gateway. One beat at a time; connects when it has to.</summary>
internal sealed class HubConnection(Uri gateway, Fleet fleet) : IDisposable
{
    private readonly byte[] sending = new byte[2048];

    private readonly byte[] received = new byte[16 * 1024];

    private Socket? socket;

    /// <summary>Bytes of HTTP that were sent, without TCP's own.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Bytes of HTTP that came back.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Sends one beat and waits for its answer.</summary>
    /// <exception cref="SocketException">The connection broke: the beat may be stored or not.</exception>
    public async ValueTask<BeatAnswer> BeatAsync(int server, int number, CancellationToken stop)
    {
        try
        {
            socket ??= await ConnectAsync(stop);
            var length = Write(server, number);
            for (var sent = 0; sent < length;) sent += await socket.SendAsync(sending.AsMemory(sent, length - sent), stop);
            SentBytes += length;
            return await ReadAsync(socket, stop);
        }
        catch
        {
            Dispose(); // what comes now would be the answer to something else
            throw;
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private async Task<Socket> ConnectAsync(CancellationToken stop)
    {
        var connecting = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connecting.ConnectAsync(gateway.Host, gateway.Port, stop);
            return connecting;
        }
        catch
        {
            connecting.Dispose();
            throw;
        }
    }

    private int Write(int server, int number)
    {
        Span<byte> body = stackalloc byte[BeatBody.MaxBytes];
        var bodyLength = BeatBody.Write(body, server, number);
        System.Text.Unicode.Utf8.TryWrite(
            sending,
            CultureInfo.InvariantCulture,
            $"POST /api/v1/servers/{Fleet.Slug(server)}/heartbeat HTTP/1.1\r\nHost: {gateway.Authority}\r\nAuthorization: Bearer {fleet.TokenOf(server)}\r\nContent-Type: application/json\r\nContent-Length: {bodyLength}\r\n\r\n",
            out var length);
        body[..bodyLength].CopyTo(sending.AsSpan(length));
        return length + bodyLength;
    }

    private async ValueTask<BeatAnswer> ReadAsync(Socket from, CancellationToken stop)
    {
        for (var length = 0; ;)
        {
            var count = await from.ReceiveAsync(received.AsMemory(length), stop);
            if (count == 0) throw new SocketException((int)SocketError.ConnectionReset);
            length += count;
            ReceivedBytes += count;
            if (AnswerReader.TryRead(received.AsSpan(0, length), out var status, out var body)) return new(status, status == 200 ? SeenAt(received.AsSpan()[body]) : default);
        }
    }

    private static DateTimeOffset SeenAt(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read())
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("lastSeenAt"u8)) return json.Read() ? json.GetDateTimeOffset() : default;
        throw new InvalidDataException($"No lastSeenAt in {Encoding.UTF8.GetString(body)}");
    }
}
