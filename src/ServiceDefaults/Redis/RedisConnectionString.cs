using System.Globalization;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>Reads StackExchange.Redis' connection strings: <c>host:port[,host:port...][,option=value...]</c>.</summary>
/// <remarks>
/// Options that only tune that library are accepted and have no effect; options that would change what the caller sees
/// (sentinel, proxies, tunnels, prefixes) are refused, and so is every unknown one: a misspelt option must not be lost in silence.
/// </remarks>
public static class RedisConnectionString
{
    private const int DefaultPort = 6379;
    private const int DefaultTlsPort = 6380;

    private static readonly HashSet<string> WithoutEffect = new(StringComparer.OrdinalIgnoreCase)
    {
        "allowAdmin", "checkCertificateRevocation", "configChannel", "configCheckSeconds", "connectRetry", "defaultVersion", "version",
        "highIntegrity", "heartbeatConsistencyChecks", "heartbeatInterval", "includeDetailInExceptions", "includePerformanceCountersInExceptions",
        "preserveAsyncOrder", "protocol", "resolveDns", "responseTimeout", "setlib", "sslProtocols", "tiebreaker", "writeBuffer", "backlogPolicy",
    };

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message names the option, never its value.</exception>
    public static RedisClientOptions Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var options = new RedisClientOptions();
        var hosts = new List<string>();
        TimeSpan? syncTimeout = null, asyncTimeout = null;
        foreach (var part in connectionString.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                hosts.Add(part);
                continue;
            }

            var name = part[..equals].TrimEnd();
            var value = part[(equals + 1)..].Trim();
            switch (name.ToLowerInvariant())
            {
                case "user": options.User = value; break;
                case "password": options.Password = value.Length == 0 ? null : value; break;
                case "defaultdatabase": options.DefaultDatabase = Number(name, value, 0, int.MaxValue); break;
                case "name": options.ClientName = value; break;
                case "ssl": options.Ssl = Boolean(name, value); break;
                case "sslhost": options.SslHost = value; break;
                case "abortconnect": options.AbortOnConnectFail = Boolean(name, value); break;
                case "connecttimeout": options.ConnectTimeout = Milliseconds(name, value); break;
                case "synctimeout": syncTimeout = Milliseconds(name, value); break;
                case "asynctimeout": asyncTimeout = Milliseconds(name, value); break;
                case "keepalive": options.KeepAlive = TimeSpan.FromSeconds(Number(name, value, 1, 86_400)); break;
                default:
                    if (!WithoutEffect.Contains(name))
                        throw new FormatException($"The Redis connection string has an option that is not supported: '{name}'.");
                    break;
            }
        }

        options.CommandTimeout = asyncTimeout ?? syncTimeout ?? options.CommandTimeout;
        foreach (var host in hosts)
            options.EndPoints.Add(ParseEndPoint(host, options.Ssl ? DefaultTlsPort : DefaultPort));
        return options.EndPoints.Count > 0 ? options : throw new FormatException("The Redis connection string names no server.");
    }

    private static RedisEndPoint ParseEndPoint(string text, int defaultPort)
    {
        if (text.StartsWith('['))
        {
            var bracket = text.IndexOf(']', StringComparison.Ordinal);
            if (bracket < 0)
                throw new FormatException("The Redis connection string has an address without its closing bracket.");
            var rest = text[(bracket + 1)..];
            return new RedisEndPoint(text[1..bracket], rest.StartsWith(':') ? Port(rest[1..]) : defaultPort);
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.IndexOf(':', StringComparison.Ordinal) != colon) // a bare IPv6 address has several and no port
            return new RedisEndPoint(text, defaultPort);
        return colon == 0
            ? throw new FormatException("The Redis connection string has a port without a host.")
            : new RedisEndPoint(text[..colon], Port(text[(colon + 1)..]));
    }

    private static int Port(string text) => Number("port", text, 1, ushort.MaxValue);

    private static int Number(string name, string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum
            ? value
            : throw new FormatException($"'{name}' of the Redis connection string is not a whole number from {minimum} to {maximum}.");

    private static TimeSpan Milliseconds(string name, string text) => TimeSpan.FromMilliseconds(Number(name, text, 1, int.MaxValue));

    private static bool Boolean(string name, string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw new FormatException($"'{name}' of the Redis connection string is neither true nor false."),
    };
}
