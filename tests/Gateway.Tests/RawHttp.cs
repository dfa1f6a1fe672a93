using System.Net.Sockets;
using System.Text;

namespace PackRelay.Gateway.Tests;

/// <summary>Sends exactly the given bytes: HttpClient would tidy a path up before sending it.</summary>
internal static class RawHttp
{
    /// <summary>The whole answer to one request; the connection is closed after it.</summary>
    public static async Task<string> SendAsync(Uri url, string head, TimeSpan? timeout = null)
    {
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(20));
        await client.ConnectAsync(url.Host, url.Port, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), patience.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(patience.Token);
    }

    public static Task<string> GetAsync(Uri url, string target) => SendAsync(url, $"GET {target} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n");
}
