using Npgsql;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;

namespace PackRelay.LocalHosting.Tests.Servers;

public sealed class LocalServerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        folder.Dispose();
        timeout.Dispose();
    }

    [Fact]
    public async Task Postgres_KilledAndStartedAgain_KeepsDatabaseOnSamePort()
    {
        var options = new PostgresServerOptions { DataDirectory = folder["postgres"], Password = "secret1" };
        int port;
        await using (var server = await PostgresServer.StartAsync(options, timeout.Token))
        {
            port = server.Port;
            await server.EnsureDatabaseAsync("catalogdb", timeout.Token);
            await server.EnsureDatabaseAsync("catalogdb", timeout.Token);
            Assert.Equal($"Host=localhost;Port={port};Username=postgres;Password=secret1", server.ConnectionString);
            Assert.Equal("postgres", await OwnerOfAsync(server.ProcessId));
            Signals.Kill(ProcessTable.Find(server.ProcessId)!.Value);
            await server.Exited.WaitAsync(timeout.Token);
        }

        await using var again = await PostgresServer.StartAsync(options with { Port = port }, timeout.Token);
        await using var connection = new NpgsqlConnection(again.ConnectionString + ";Database=catalogdb;Pooling=false");
        await connection.OpenAsync(timeout.Token);
        await using var command = new NpgsqlCommand("SELECT current_setting('fsync') || current_setting('listen_addresses') || current_setting('max_connections')", connection);
        Assert.Equal("on127.0.0.1600", await command.ExecuteScalarAsync(timeout.Token));
    }

    [Fact]
    public async Task Postgres_WithWrongPassword_RefusesLogin()
    {
        await using var server = await PostgresServer.StartAsync(new() { DataDirectory = folder["postgres"], Password = "secret1" }, timeout.Token);

        var problem = await ServerProbes.PostgresAsync(server.ConnectionString.Replace("secret1", "secret2", StringComparison.Ordinal) + ";Database=postgres", timeout.Token);

        Assert.Contains("password", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postgres_BelowFolderClosedToItsUser_FallsBackAndSaysSo()
    {
        var closed = folder["closed"];
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var lines = new List<string>();
        var server = await PostgresServer.StartAsync(new() { DataDirectory = Path.Combine(closed, "inner", "postgres"), Password = "secret1", Log = line => { lock (lines) lines.Add(line); } }, timeout.Token);
        try
        {
            if (PostgresUser.IsNeeded)
            {
                Assert.StartsWith("/var/lib/packrelay-", server.DataDirectory, StringComparison.Ordinal);
                lock (lines)
                    Assert.Contains(lines, line => line.Contains(server.DataDirectory, StringComparison.Ordinal));
            }
            else
            {
                Assert.StartsWith(closed, server.DataDirectory, StringComparison.Ordinal);
            }
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(server.DataDirectory, recursive: true);
        }
    }

    [Fact]
    public async Task Redis_Started_AsksForPasswordAndListensOnLoopbackOnly()
    {
        await using var server = await RedisServer.StartAsync(new() { DataDirectory = folder["redis"], Password = "secret1", Databases = 1000 }, timeout.Token);

        Assert.Equal($"localhost:{server.Port},password=secret1", server.ConnectionString);
        Assert.Contains("NOAUTH", await ServerProbes.RedisAsync($"localhost:{server.Port}", timeout.Token), StringComparison.Ordinal);
        Assert.Equal(["127.0.0.1"], ListeningSockets.AddressesOf(server.ProcessId));
        Assert.Contains("databases 1000", await File.ReadAllTextAsync(folder["redis/redis.conf"], timeout.Token), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["redis/redis.conf"]));
    }

    [Fact]
    public async Task Influx_StartedTwice_TakesOnlyTheAdministratorsPassword()
    {
        var options = new InfluxServerOptions { DataDirectory = folder["influx"], Password = "secret1" };
        await using (await InfluxServer.StartAsync(options, timeout.Token))
        {
            // The first start creates the administrator.
        }

        await using var server = await InfluxServer.StartAsync(options, timeout.Token);
        Assert.Null(await ServerProbes.InfluxAsync(server.Url, "packrelay", "secret1", timeout.Token));
        Assert.NotNull(await ServerProbes.InfluxAsync(server.Url, "packrelay", "secret2", timeout.Token));
        using var anonymous = await ServerProbes.InfluxQueryAsync(server.Url, "SHOW DATABASES", null, null, timeout.Token);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(["127.0.0.1"], ListeningSockets.AddressesOf(server.ProcessId));
    }

    [Fact]
    public async Task RabbitMq_StartedAndStopped_ServesOnLoopbackOnlyAndLeavesNoEpmdBehind()
    {
        var server = await RabbitMqServer.StartAsync(new() { DataDirectory = folder["rabbitmq"], Password = "secret1", ManagementPort = 0 }, timeout.Token);
        var family = ProcessTable.Family(ProcessTable.Find(server.ProcessId)!.Value);
        var epmd = ProcessTable.Find(server.NameServerProcessId)!.Value;
        try
        {
            Assert.Null(await ServerProbes.RabbitMqAsync(server.ConnectionString, timeout.Token));
            Assert.NotNull(await ServerProbes.RabbitMqAsync($"amqp://guest:wrong@localhost:{server.Port}", timeout.Token));
            Assert.Null(await ServerProbes.HttpAsync(server.ManagementUrl!, 200, timeout.Token));
            Assert.All(family.Append(epmd).SelectMany(entry => ListeningSockets.AddressesOf(entry.ProcessId)), address => Assert.True(System.Net.IPAddress.IsLoopback(System.Net.IPAddress.Parse(address)), address));
            Assert.True(family.Count > 1, "the node has helper processes");
        }
        finally
        {
            await server.DisposeAsync();
        }

        Assert.DoesNotContain(family.Append(epmd), ProcessTable.IsRunning);
    }

    [Fact]
    public async Task Start_OnPortInUse_FailsWithWhatTheServerSaid()
    {
        await using var first = await RedisServer.StartAsync(new() { DataDirectory = folder["first"], Password = "secret1" }, timeout.Token);

        var error = await Assert.ThrowsAsync<ServerStartException>(() =>
            RedisServer.StartAsync(new() { DataDirectory = folder["second"], Password = "secret2", Port = first.Port }, timeout.Token));

        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> OwnerOfAsync(int processId)
    {
        if (!PostgresUser.IsNeeded)
            return "postgres";
        var uid = (await File.ReadAllLinesAsync($"/proc/{processId}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        return (await File.ReadAllLinesAsync("/etc/passwd")).Single(line => string.Equals(line.Split(':')[2], uid, StringComparison.Ordinal)).Split(':')[0];
    }
}
