using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Servers;

/// <summary>How a private Redis is started.</summary>
public sealed record RedisServerOptions : ServerOptions
{
    /// <summary>Password that every client must give; letters and digits only.</summary>
    public required string Password { get; init; }

    /// <summary>Number of logical databases; default 16.</summary>
    public int Databases { get; init; } = 16;
}

/// <summary>A private Redis on loopback that appends every write to a file and flushes it each second.</summary>
public sealed class RedisServer : LocalServer
{
    private readonly string password;

    private RedisServer(ChildProcess process, int port, string password) : base(process, port) => this.password = password;

    /// <inheritdoc/>
    public override string ConnectionString => ConnectionStringFor(Port, password);

    /// <summary>Starts Redis and waits until it answers.</summary>
    /// <exception cref="MissingPackageException">The Debian package is not installed.</exception>
    /// <exception cref="ServerStartException">It did not come up.</exception>
    public static async Task<RedisServer> StartAsync(RedisServerOptions options, CancellationToken stop)
    {
        var program = Path.Combine(DebianPackages.Programs(DebianPackages.Redis), "redis-server");
        var port = options.Port == 0 ? FreePorts.Next() : options.Port;
        var folder = CreatePrivateDirectory(options.DataDirectory);
        var configuration = Path.Combine(folder, "redis.conf");
        // A file because a password on the command line could be read by every user of the machine.
        await WritePrivateFileAsync(configuration, $"""
            bind 127.0.0.1
            port {port}
            requirepass {options.Password}
            databases {options.Databases}
            dir {folder}
            appendonly yes
            appendfsync everysec
            save ""
            daemonize no
            set-proc-title no
            tcp-backlog 511

            """, stop);
        var process = await StartAsync(
            "redis", options, new(program, [configuration], folder) { Environment = Environment(folder) },
            limit => ServerProbes.RedisAsync(ConnectionStringFor(port, options.Password), limit), stop);
        return new(process, port, options.Password);
    }

    private static string ConnectionStringFor(int port, string password) => $"localhost:{port},password={password}";
}
