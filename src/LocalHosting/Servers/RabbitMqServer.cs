using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Servers;

/// <summary>How a private RabbitMQ is started.</summary>
public sealed record RabbitMqServerOptions : ServerOptions
{
    /// <summary>Name of the administrator; default <c>guest</c>.</summary>
    public string UserName { get; init; } = "guest";

    /// <summary>Password of the administrator; letters and digits only. It is set when the data folder is new and must stay the same afterwards.</summary>
    public required string Password { get; init; }

    /// <summary>Loopback port of the management pages; null (the default) leaves them off, 0 takes a free port.</summary>
    public int? ManagementPort { get; init; }
}

/// <summary>A private RabbitMQ node on loopback with a private epmd (Erlang's name server), so that nothing is shared with other nodes of the machine.</summary>
public sealed class RabbitMqServer : LocalServer
{
    // The node's name is part of its data folder's name, so it must not change between runs. It can be fixed because the name server is private.
    private const string NodeName = "packrelay@localhost";
    private readonly ChildProcess nameServer;

    private RabbitMqServer(ChildProcess process, ChildProcess nameServer, int port, RabbitMqServerOptions options, int? managementPort) : base(process, port)
    {
        this.nameServer = nameServer;
        ConnectionString = ConnectionStringFor(port, options);
        ManagementUrl = managementPort is { } management ? new($"http://localhost:{management}") : null;
    }

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <summary>The management pages, when they are on; user name and password are those of the connection string.</summary>
    public Uri? ManagementUrl { get; }

    /// <summary>Number of the private epmd process.</summary>
    public int NameServerProcessId => nameServer.ProcessId;

    private protected override TimeSpan StopGrace => TimeSpan.FromSeconds(30); // it writes its indices on the way out

    /// <summary>Starts epmd and the node and waits until it takes the login; 5 to 20 s.</summary>
    /// <exception cref="MissingPackageException">The Debian package is not installed.</exception>
    /// <exception cref="ServerStartException">It did not come up.</exception>
    public static async Task<RabbitMqServer> StartAsync(RabbitMqServerOptions options, CancellationToken stop)
    {
        // Directly, not through /usr/sbin: that wrapper switches to another user.
        var program = Path.Combine(DebianPackages.Programs(DebianPackages.RabbitMq), "rabbitmq-server");
        var port = options.Port == 0 ? FreePorts.Next() : options.Port;
        var managementPort = options.ManagementPort == 0 ? FreePorts.Next() : options.ManagementPort;
        var folder = CreatePrivateDirectory(options.DataDirectory);
        await WritePrivateFileAsync(Path.Combine(folder, "rabbitmq.conf"), ConfigurationText(port, managementPort, options), stop);
        await WritePrivateFileAsync(Path.Combine(folder, "enabled_plugins"), managementPort is null ? "[].\n" : "[rabbitmq_management].\n", stop);

        var environment = NodeEnvironment(folder, port, nameServerPort: FreePorts.Next(), distributionPort: FreePorts.Next());
        var epmd = ChildProcess.Start(new("epmd", ["-address", "127.0.0.1", "-port", environment["ERL_EPMD_PORT"]], folder)
        {
            Environment = environment,
            Guardian = options.Guardian,
            Log = options.Log,
        });
        try
        {
            var process = await StartAsync(
                "rabbitmq", options, new(program, [], folder) { Environment = environment },
                limit => ServerProbes.RabbitMqAsync(ConnectionStringFor(port, options), limit), stop);
            return new(process, epmd, port, options, managementPort);
        }
        catch
        {
            await epmd.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        await base.StopAsync();
        await nameServer.StopAsync(TimeSpan.FromSeconds(2));
    }

    private static string ConnectionStringFor(int port, RabbitMqServerOptions options) =>
        $"amqp://{Uri.EscapeDataString(options.UserName)}:{Uri.EscapeDataString(options.Password)}@localhost:{port}";

    private static string ConfigurationText(int port, int? managementPort, RabbitMqServerOptions options)
    {
        var management = managementPort is null ? "" : $"""
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {managementPort}
            """;
        return $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            default_user = {options.UserName}
            default_pass = {options.Password}
            disk_free_limit.absolute = 50MB
            log.console = true
            log.console.level = info
            log.file = false
            {management}

            """;
    }

    private static Dictionary<string, string> NodeEnvironment(string folder, int port, int nameServerPort, int distributionPort)
    {
        var environment = Environment(home: folder); // the cookie lies in HOME
        environment["RABBITMQ_NODENAME"] = NodeName;
        environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        environment["RABBITMQ_NODE_PORT"] = $"{port}";
        environment["RABBITMQ_DIST_PORT"] = $"{distributionPort}";
        environment["ERL_EPMD_PORT"] = $"{nameServerPort}";
        environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        environment["RABBITMQ_MNESIA_BASE"] = $"{folder}/mnesia";
        environment["RABBITMQ_LOG_BASE"] = $"{folder}/log";
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{folder}/enabled_plugins";
        environment["RABBITMQ_PID_FILE"] = $"{folder}/rabbitmq.pid";
        environment["RABBITMQ_CONFIG_FILE"] = $"{folder}/rabbitmq.conf";
        environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null"; // the machine's own settings are for the machine's own node
        environment["RABBITMQ_ADVANCED_CONFIG_FILE"] = $"{folder}/advanced.config";
        // Distribution on loopback only; no start of another epmd; idle schedulers sleep instead of spinning beside everything else on this machine.
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none";
        environment["RABBITMQ_CTL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        return environment;
    }
}
