using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;

namespace PackRelay.Testing.Servers;

/// <summary>Where RabbitMQ is.</summary>
/// <param name="Amqp">AMQP address with user and password, without a virtual host.</param>
/// <param name="Management">Address of the management API; the same user and password.</param>
public sealed record BrokerAddress(Uri Amqp, Uri Management);

/// <summary>
/// The four servers that tests run against. Those named by environment variables (<see cref="Variables"/>) are used; any other is started
/// as a private instance when it is first asked for, shared by all tests of this process, and stopped with it.
/// </summary>
public sealed class BackingServers : IAsyncDisposable
{
    /// <summary>Logical databases of a Redis that is started here: one per test class, number 0 keeps the books.</summary>
    internal const int RedisDatabases = 1_024;

    private readonly Lazy<Guardian> guardian = new(() => Guardian.Start()); // both only when something is started here
    private readonly Lazy<RunFolder> folder;
    private readonly string password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly Lazy<Task<PostgresServer>> postgres;
    private readonly Lazy<Task<RedisServer>> redis;
    private readonly Lazy<Task<RabbitMqServer>> rabbitMq;
    private readonly Lazy<Task<InfluxServer>> influx;

    internal BackingServers()
    {
        folder = new(() => new RunFolder(Guardian));
        // On the pool: a test's synchronisation context must not be kept busy by a start that other tests wait for.
        postgres = new(() => Task.Run(() => PostgresServer.StartAsync(
            new() { DataDirectory = Folder("postgres"), Password = password, Guardian = Guardian }, CancellationToken.None)));
        redis = new(() => Task.Run(() => RedisServer.StartAsync(
            new() { DataDirectory = Folder("redis"), Password = password, Databases = RedisDatabases, Guardian = Guardian }, CancellationToken.None)));
        rabbitMq = new(() => Task.Run(() => RabbitMqServer.StartAsync(
            new() { DataDirectory = Folder("rabbitmq"), Password = password, ManagementPort = 0, Guardian = Guardian }, CancellationToken.None)));
        influx = new(() => Task.Run(() => InfluxServer.StartAsync(
            new() { DataDirectory = Folder("influxdb"), Password = password, Guardian = Guardian }, CancellationToken.None)));
    }

    /// <summary>Those of this process. Nothing is started before it is asked for; the guardian stops them when the process ends, however it ends.</summary>
    public static BackingServers Shared => SharedInstance.Value;

    internal Guardian Guardian => guardian.Value;

    /// <summary>Npgsql connection string of a superuser, without a database.</summary>
    public async Task<string> PostgresAsync() => Given(Variables.Postgres) ?? (await postgres.Value).ConnectionString;

    /// <summary>Connection string in StackExchange.Redis' format, without a database.</summary>
    public async Task<string> RedisAsync() => Given(Variables.Redis) ?? (await redis.Value).ConnectionString;

    /// <summary>RabbitMQ and its management API.</summary>
    public async Task<BrokerAddress> RabbitMqAsync()
    {
        if (Given(Variables.RabbitMq) is { } amqp && Given(Variables.RabbitMqManagement) is { } management)
            return new BrokerAddress(new Uri(amqp), new Uri(management));
        var server = await rabbitMq.Value;
        return new BrokerAddress(new Uri(server.ConnectionString), server.ManagementUrl!);
    }

    /// <summary>HTTP address of InfluxDB with user and password.</summary>
    public async Task<Uri> InfluxAsync() =>
        new(Given(Variables.Influx) ?? new UriBuilder((await influx.Value).Url) { UserName = "packrelay", Password = password }.ToString());

    /// <summary>Starts all of them at once and gives the environment variables that name them.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> StartAllAsync()
    {
        var (postgresTask, redisTask, brokerTask, influxTask) = (PostgresAsync(), RedisAsync(), RabbitMqAsync(), InfluxAsync());
        await Task.WhenAll(postgresTask, redisTask, brokerTask, influxTask);
        var broker = await brokerTask;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Variables.Postgres] = await postgresTask,
            [Variables.Redis] = await redisTask,
            [Variables.RabbitMq] = broker.Amqp.ToString(),
            [Variables.RabbitMqManagement] = broker.Management.ToString(),
            [Variables.Influx] = (await influxTask).ToString(),
        };
    }

    /// <summary>Stops what was started here and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(StopAsync(postgres), StopAsync(redis), StopAsync(rabbitMq), StopAsync(influx));
        if (guardian.IsValueCreated)
            await guardian.Value.DisposeAsync();
        if (folder.IsValueCreated)
            await folder.Value.DisposeAsync();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A start that failed was reported to whoever asked for it; here only the rest is cleaned up.")]
    private static async Task StopAsync<T>(Lazy<Task<T>> server)
        where T : LocalServer
    {
        if (!server.IsValueCreated)
            return;
        try
        {
            await (await server.Value).DisposeAsync();
        }
        catch (Exception)
        {
            // Nothing runs, or the guardian ends it.
        }
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private string Folder(string server) => Path.Combine(folder.Value.Path, server);

    /// <summary>Environment variables that name running servers.</summary>
    public static class Variables
    {
        /// <summary>Npgsql connection string of a superuser.</summary>
        public const string Postgres = "PACKRELAY_TEST_POSTGRES";

        /// <summary>Connection string in StackExchange.Redis' format; the server has at least 1 024 databases.</summary>
        public const string Redis = "PACKRELAY_TEST_REDIS";

        /// <summary>AMQP address of an administrator.</summary>
        public const string RabbitMq = "PACKRELAY_TEST_RABBITMQ";

        /// <summary>Address of RabbitMQ's management API.</summary>
        public const string RabbitMqManagement = "PACKRELAY_TEST_RABBITMQ_MANAGEMENT";

        /// <summary>HTTP address of InfluxDB with user and password.</summary>
        public const string Influx = "PACKRELAY_TEST_INFLUX";
    }

    private static class SharedInstance
    {
        public static readonly BackingServers Value = new();
    }
}
