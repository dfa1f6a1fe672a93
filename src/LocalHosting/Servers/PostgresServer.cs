using Npgsql;
using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Servers;

/// <summary>How a private PostgreSQL is started.</summary>
public sealed record PostgresServerOptions : ServerOptions
{
    /// <summary>Name of the superuser; default <c>postgres</c>. It is set when the data folder is new and must stay the same afterwards.</summary>
    public string UserName { get; init; } = "postgres";

    /// <summary>Password of the superuser; letters and digits only. It is set when the data folder is new and must stay the same afterwards.</summary>
    public required string Password { get; init; }

    /// <summary>Most connections at one time; default 600: a pool of up to 100 for each service and each further replica.</summary>
    public int MaxConnections { get; init; } = 600;
}

/// <summary>A private PostgreSQL on loopback: passwords by SCRAM, durable writes, no unix socket.</summary>
public sealed class PostgresServer : LocalServer
{
    private PostgresServer(ChildProcess process, int port, PostgresServerOptions options, string dataDirectory) : base(process, port)
    {
        ConnectionString = ConnectionStringFor(port, options);
        DataDirectory = dataDirectory;
    }

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <summary>Where the data really is: not the folder asked for when that one cannot be reached by the user <c>postgres</c>.</summary>
    public string DataDirectory { get; }

    private protected override TimeSpan StopGrace => TimeSpan.FromSeconds(20);

    /// <summary>Creates the data folder when it is new, starts PostgreSQL and waits until it answers.</summary>
    /// <exception cref="MissingPackageException">The Debian package is not installed.</exception>
    /// <exception cref="ServerStartException">It did not come up.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions options, CancellationToken stop)
    {
        var programs = DebianPackages.Programs(DebianPackages.Postgres);
        var port = options.Port == 0 ? FreePorts.Next() : options.Port;
        var folder = await PostgresDataFolder.PrepareAsync(options, programs, stop);

        // Killed with -9, the main process leaves workers behind that hold the shared memory, and a new one refuses to start.
        foreach (var orphan in ProcessTable.WorkingIn(folder, "postgres"))
            Signals.Kill(orphan);

        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={port}", "unix_socket_directories=", $"max_connections={options.MaxConnections}",
            "fsync=on", "password_encryption=scram-sha-256", "logging_collector=off", "log_destination=stderr", "shared_buffers=128MB",
            "max_wal_size=1GB", "timezone=UTC", "log_timezone=UTC",
        ];
        var (program, arguments) = PostgresUser.Command(Path.Combine(programs, "postgres"), ["-D", folder, .. settings.SelectMany(setting => (string[])["-c", setting])]);
        var process = await StartAsync(
            "postgres", options,
            new(program, arguments, folder) { Environment = Environment(folder), StopSignal = StopSignal.Interrupt },
            limit => ServerProbes.PostgresAsync(ConnectionStringFor(port, options) + ";Database=postgres", limit), stop);
        return new(process, port, options, folder);
    }

    /// <summary>Creates a database when there is none of that name.</summary>
    public Task EnsureDatabaseAsync(string name, CancellationToken stop) => EnsureDatabaseAsync(ConnectionString, name, stop);

    internal static async Task EnsureDatabaseAsync(string serverConnectionString, string name, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(serverConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(stop);
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
        try
        {
            await create.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException error) when (string.Equals(error.SqlState, PostgresErrorCodes.DuplicateDatabase, StringComparison.Ordinal))
        {
            // It is there already, which is what was asked for.
        }
    }

    private static string ConnectionStringFor(int port, PostgresServerOptions options) =>
        $"Host=localhost;Port={port};Username={options.UserName};Password={options.Password}";
}
