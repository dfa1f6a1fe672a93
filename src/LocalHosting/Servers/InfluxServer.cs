using System.Net;
using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Servers;

/// <summary>How a private InfluxDB is started.</summary>
public sealed record InfluxServerOptions : ServerOptions
{
    /// <summary>Name of the administrator; default <c>packrelay</c>.</summary>
    public string UserName { get; init; } = "packrelay";

    /// <summary>Password of the administrator; letters and digits only. It is set when the data folder is new and must stay the same afterwards.</summary>
    public required string Password { get; init; }
}

/// <summary>A private InfluxDB 1.x on loopback that answers only with a user name and password.</summary>
public sealed class InfluxServer : LocalServer
{
    private InfluxServer(ChildProcess process, int port) : base(process, port) => Url = UrlFor(port);

    /// <summary>The HTTP address.</summary>
    public Uri Url { get; }

    /// <inheritdoc/>
    public override string ConnectionString => Url.ToString().TrimEnd('/');

    /// <summary>Starts InfluxDB, waits until it answers and creates the administrator in a new data folder.</summary>
    /// <exception cref="MissingPackageException">The Debian package is not installed.</exception>
    /// <exception cref="ServerStartException">It did not come up, or does not take the password.</exception>
    public static async Task<InfluxServer> StartAsync(InfluxServerOptions options, CancellationToken stop)
    {
        var program = Path.Combine(DebianPackages.Programs(DebianPackages.Influx), "influxd");
        var port = options.Port == 0 ? FreePorts.Next() : options.Port;
        var folder = CreatePrivateDirectory(options.DataDirectory);
        var configuration = Path.Combine(folder, "influxdb.conf");
        await WritePrivateFileAsync(configuration, ConfigurationText(folder, port, FreePorts.Next()), stop);
        var url = UrlFor(port);
        var process = await StartAsync(
            "influxdb", options, new(program, ["-config", configuration], folder) { Environment = Environment(folder) },
            limit => ServerProbes.HttpAsync(new(url, "/ping"), (int)HttpStatusCode.NoContent, limit), stop);
        try
        {
            await EnsureAdministratorAsync(url, options, stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new(process, port);
    }

    private static Uri UrlFor(int port) => new($"http://localhost:{port}");

    // While there is no user at all, InfluxDB lets anybody create the first administrator and nothing else. Should somebody else have been
    // faster, our login fails and so does the start.
    private static async Task EnsureAdministratorAsync(Uri url, InfluxServerOptions options, CancellationToken stop)
    {
        if (await ServerProbes.InfluxAsync(url, options.UserName, options.Password, stop) is null)
            return;
        var statement = $"CREATE USER \"{options.UserName}\" WITH PASSWORD '{options.Password}' WITH ALL PRIVILEGES";
        using (await ServerProbes.InfluxQueryAsync(url, statement, user: null, password: null, stop))
        {
            // Whether it worked is told by the login below.
        }

        if (await ServerProbes.InfluxAsync(url, options.UserName, options.Password, stop) is { } problem)
            throw new ServerStartException($"influxdb does not take the administrator's password (data folder {options.DataDirectory}): {problem}", []);
    }

    // A series per game server: InfluxDB's own limit of 100,000 values of a tag would refuse the points of all further ones, and its default index would
    // hold all of them in memory.
    private static string ConfigurationText(string folder, int port, int backupPort) => $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:{backupPort}"
        [meta]
          dir = "{folder}/meta"
        [data]
          dir = "{folder}/data"
          wal-dir = "{folder}/wal"
          query-log-enabled = false
          index-version = "tsi1"
          max-values-per-tag = 0
          max-series-per-database = 0
        [monitor]
          store-enabled = false
        [subscriber]
          enabled = false
        [http]
          enabled = true
          bind-address = "127.0.0.1:{port}"
          auth-enabled = true
          log-enabled = false
        [continuous_queries]
          log-enabled = false

        """;
}
