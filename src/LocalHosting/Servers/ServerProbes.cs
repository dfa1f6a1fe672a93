using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using RabbitMQ.Client;

namespace PackRelay.LocalHosting.Servers;

/// <summary>One look at a server with its own connection string: null when it answers, else what is wrong. Never throws but when stopped.</summary>
internal static class ServerProbes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Task<string?> PostgresAsync(string connectionString, CancellationToken stop) => TryAsync(async limit =>
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = (int)Patience.TotalSeconds };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(limit);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(limit);
        return null;
    }, stop);

    /// <summary>Reads the part of StackExchange's format that matters here: the first host, password and user.</summary>
    public static Task<string?> RedisAsync(string connectionString, CancellationToken stop) => TryAsync(async limit =>
    {
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var endpoint = parts[0].LastIndexOf(':') is var colon and > 0 ? (Host: parts[0][..colon], Port: int.Parse(parts[0][(colon + 1)..], CultureInfo.InvariantCulture)) : (Host: parts[0], Port: 6379);
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.Host, endpoint.Port, limit);
        if (Option("ssl") is "true" or "True")
            return null; // reachable; the handshake belongs to the clients, which know the certificates
        var password = Option("password");
        string[] login = (password, Option("user")) switch
        {
            (null, _) => [],
            (_, null) => ["AUTH", password],
            (_, var user) => ["AUTH", user, password],
        };
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        foreach (var command in (string[][])[login, ["PING"]])
        {
            if (command.Length == 0)
                continue;
            var request = string.Concat([$"*{command.Length}\r\n", .. command.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")]);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), limit);
            if (await reader.ReadLineAsync(limit) is var answer and not ("+OK" or "+PONG"))
                return answer ?? "the connection was closed";
        }

        return null;

        string? Option(string name) => parts.FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..];
    }, stop);

    public static Task<string?> RabbitMqAsync(string connectionString, CancellationToken stop) => TryAsync(async limit =>
    {
        var factory = new ConnectionFactory { Uri = new(connectionString), AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = Patience };
        await using var connection = await factory.CreateConnectionAsync("PackRelay AppHost health check", limit);
        return null;
    }, stop);

    public static Task<string?> HttpAsync(Uri uri, int expectedStatus, CancellationToken stop) => TryAsync(async limit =>
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var answer = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, limit);
        return (int)answer.StatusCode == expectedStatus ? null : $"{uri} answered {(int)answer.StatusCode} instead of {expectedStatus}";
    }, stop);

    /// <summary>True when the InfluxDB at this address takes the login.</summary>
    public static Task<string?> InfluxAsync(Uri uri, string user, string password, CancellationToken stop) => TryAsync(async limit =>
    {
        using var answer = await InfluxQueryAsync(uri, "SHOW DATABASES", user, password, limit);
        return answer.StatusCode == HttpStatusCode.OK ? null : $"{uri} answered {(int)answer.StatusCode}";
    }, stop);

    public static async Task<HttpResponseMessage> InfluxQueryAsync(Uri uri, string query, string? user, string? password, CancellationToken stop)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(uri, "/query"));
        request.Content = new FormUrlEncodedContent([new("q", query)]);
        if (user is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return await client.SendAsync(request, stop);
    }

    private static async Task<string?> TryAsync(Func<CancellationToken, Task<string?>> look, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            return await look(limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return error.Message; // whatever a client throws here means "does not answer"
        }
    }
}
