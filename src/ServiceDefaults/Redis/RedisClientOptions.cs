using System.Net.Security;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>How to reach Redis. <see cref="RedisConnectionString"/> makes it from a connection string in StackExchange.Redis' format.</summary>
public sealed class RedisClientOptions
{
    /// <summary>Servers to try, in this order, each time a connection is made; at least one.</summary>
    public IList<RedisEndPoint> EndPoints { get; } = [];

    /// <summary>User name of Redis 6's access control lists; null for the default user.</summary>
    public string? User { get; set; }

    /// <summary>Password; null when the server asks for none.</summary>
    public string? Password { get; set; }

    /// <summary>Number of the database to select; default 0.</summary>
    public int DefaultDatabase { get; set; }

    /// <summary>Name shown by the server's CLIENT LIST; letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public string? ClientName { get; set; }

    /// <summary>Talk TLS.</summary>
    public bool Ssl { get; set; }

    /// <summary>Name the server's certificate must carry; null means the end point's host.</summary>
    public string? SslHost { get; set; }

    /// <summary>Decides about the server's certificate instead of the system's trust store; set in code only.</summary>
    public RemoteCertificateValidationCallback? CertificateValidation { get; set; }

    /// <summary>Fail the start of the application when the first connection cannot be made; default false: go on and keep trying.</summary>
    public bool AbortOnConnectFail { get; set; }

    /// <summary>Longest time for connecting and signing in to one server; default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the replies of one call; default 2 s. When nothing has been answered for twice as long, the connection is given up.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Make a client span per call while someone listens to <see cref="RedisClient.ActivitySourceName"/>; default true.</summary>
    public bool Tracing { get; set; } = true;

    /// <summary>Silence after which a connection is probed; default 60 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause after the first failed attempt to connect; it doubles with each further one. Default 50 ms.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between two attempts to connect; default 2 s.</summary>
    public TimeSpan MaximumReconnectDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Commands that may wait for their reply at the same time; a call that finds as many is refused at once. Default 50 000.</summary>
    public int MaximumPendingCommands { get; set; } = 50_000;

    /// <summary>Bytes that may wait to be sent at the same time; a call that finds as many is refused at once. Default 64 MiB.</summary>
    public int MaximumUnsentBytes { get; set; } = 64 * 1024 * 1024;
}

/// <summary>Host name or address, and port, of one Redis server.</summary>
/// <param name="Host">Host name, IPv4 or IPv6 address without brackets.</param>
/// <param name="Port">TCP port, 1 to 65 535.</param>
public sealed record RedisEndPoint(string Host, int Port)
{
    /// <inheritdoc />
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
