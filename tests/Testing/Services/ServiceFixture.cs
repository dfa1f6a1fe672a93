using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing.Documents;
using PackRelay.Testing.Servers;
using Xunit;
using Xunit.Sdk;

namespace PackRelay.Testing.Services;

/// <summary>
/// A service as it runs, for one test class: its Program on a free port, against servers of its own (see <see cref="ServiceNeeds"/>). Derive from it once per
/// service: <c>public sealed class CatalogApi() : ServiceFixture&lt;Program&gt;(new() { Database = "catalogdb", Messaging = true })</c>.
/// When the class has ended, the outbox must be empty and no message may lie in an error queue; else the class fails.
/// </summary>
/// <param name="needs">What the service is given.</param>
[SuppressMessage("Design", "CA1001", Justification = "The test runner calls IAsyncLifetime.DisposeAsync.")]
public abstract class ServiceFixture<TProgram>(ServiceNeeds needs) : IAsyncLifetime
    where TProgram : class
{
    private ServiceHost<TProgram>? host;
    private TestPostgres? postgres;
    private TestRedis? redis;
    private TestBroker? broker;
    private TestInflux? influx;
    private ApiContract? contract;

    /// <summary>The service's clock when it was asked for; it starts at the present whole second.</summary>
    public SteppedClock Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    /// <summary>The service's own container.</summary>
    public IServiceProvider Services => Host.Services;

    /// <summary>The service's database.</summary>
    public TestPostgres Postgres => postgres ?? throw NotAskedFor(nameof(ServiceNeeds.Database));

    /// <summary>The service's Redis database.</summary>
    public RedisClient Redis => (redis ?? throw NotAskedFor(nameof(ServiceNeeds.Redis))).Client;

    /// <summary>The service's virtual host.</summary>
    public TestBroker Broker => broker ?? throw NotAskedFor(nameof(ServiceNeeds.Messaging));

    /// <summary>The service's InfluxDB database.</summary>
    public TestInflux Influx => influx ?? throw NotAskedFor(nameof(ServiceNeeds.Influx));

    private ServiceHost<TProgram> Host => host ?? throw new InvalidOperationException("The service has not been started yet.");

    /// <inheritdoc />
    public virtual async Task InitializeAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Callers:SigningKey"] = RandomNumberGenerator.GetHexString(64),
            ["Logging:LogLevel:Default"] = "Warning",
        };
        await Task.WhenAll(CreatePostgresAsync(), CreateRedisAsync(), CreateBrokerAsync(), CreateInfluxAsync(), ReadContractAsync());
        if (postgres is not null)
            settings[$"ConnectionStrings:{needs.Database}"] = postgres.ConnectionString;
        if (redis is not null)
            settings["ConnectionStrings:cache"] = redis.ConnectionString;
        if (broker is not null)
            settings["ConnectionStrings:messaging"] = broker.Address.ToString();
        if (influx is not null)
        {
            settings["services:influxdb:http:0"] = influx.Url.ToString().TrimEnd('/');
            settings["Influx:Database"] = influx.Database;
            settings["Influx:Username"] = influx.UserName;
            settings["Influx:Password"] = influx.Password;
        }

        Configure(settings);
        host = new ServiceHost<TProgram>(settings, services =>
        {
            if (needs.SteppedClock)
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            // A limiter that waited in vain for a busy machine's Redis would count by itself for a while, from nothing.
            services.AddSingleton<IOptions<RateLimitOptions>>(provider =>
            {
                var limits = provider.GetRequiredService<IOptionsFactory<RateLimitOptions>>().Create(Options.DefaultName);
                limits.StoreTimeout = TimeSpan.FromMinutes(1);
                return Options.Create(limits);
            });
            ReplaceServices(services);
        });
        // On the pool: the start blocks until the service listens, and there are as few test threads as cores.
        await Task.Run(host.StartServer);
    }

    /// <inheritdoc />
    public virtual async Task DisposeAsync()
    {
        try
        {
            if (host is not null)
                await AssertNothingLeftAsync();
        }
        finally
        {
            if (host is not null)
                await host.DisposeAsync();
            foreach (var server in (IAsyncDisposable?[])[postgres, redis, broker, influx])
            {
                if (server is not null)
                    await server.DisposeAsync();
            }
        }
    }

    /// <summary>A client of the service that calls as <paramref name="caller"/>, or as somebody without credentials. It follows no redirects and keeps no cookies.</summary>
    public HttpClient CreateClient(Caller? caller = null)
    {
        HttpMessageHandler handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (contract is not null)
            handler = new ContractHandler(contract) { InnerHandler = handler };
        if (caller is not null)
            handler = new CallerHandler(Services.GetRequiredService<CallerToken>(), caller) { InnerHandler = handler };
        return new HttpClient(handler) { BaseAddress = Host.ClientOptions.BaseAddress };
    }

    /// <summary>First column of the first row; default when there is none.</summary>
    public Task<T?> ScalarAsync<T>(string sql, params object?[] parameters) => Postgres.Source.ScalarAsync<T>(sql, CancellationToken.None, parameters);

    /// <summary>Runs a statement and gives the number of rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, params object?[] parameters) => Postgres.Source.ExecuteAsync(sql, CancellationToken.None, parameters);

    /// <summary>Publishes an event as its owner would, alone.</summary>
    public Task PublishAsync<TEvent>(TEvent hubEvent)
        where TEvent : class, IHubEvent =>
        Services.GetRequiredService<IBus>().PublishEventAsync(hubEvent, CancellationToken.None);

    /// <summary>Listens to what the service publishes from now on.</summary>
    public Task<EventProbe<TEvent>> ObserveAsync<TEvent>()
        where TEvent : class, IHubEvent => EventProbe<TEvent>.StartAsync(Broker, Services.GetRequiredService<IBus>());

    /// <inheritdoc cref="Wait.UntilAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public Task WaitUntilAsync(Func<Task<bool>> condition, TimeSpan timeout, string what) => Wait.UntilAsync(condition, what, timeout);

    /// <summary>Fails unless the outbox drains and no message has been given up. Runs by itself when the class has ended.</summary>
    public async Task AssertNothingLeftAsync()
    {
        if (postgres is not null && await ScalarAsync<bool>("SELECT to_regclass('outbox') IS NOT NULL"))
            await Wait.UntilAsync(async () => !await ScalarAsync<bool>("SELECT EXISTS (SELECT FROM outbox)"), "the outbox is empty");
        if (broker is not null && await broker.FailedAsync() is { Count: > 0 } failed)
            throw new XunitException($"Messages were given up; they lie in: {string.Join(", ", failed)}");
    }

    /// <summary>Adds or changes settings of the service before it starts.</summary>
    protected virtual void Configure(IDictionary<string, string?> settings)
    {
    }

    /// <summary>Replaces services before the service starts, where a real one cannot be had.</summary>
    protected virtual void ReplaceServices(IServiceCollection services)
    {
    }

    private static InvalidOperationException NotAskedFor(string need) => new($"The fixture did not ask for it: set {nameof(ServiceNeeds)}.{need}.");

    private async Task CreatePostgresAsync() => postgres = needs.Database is null ? null : await TestPostgres.CreateAsync();

    private async Task CreateRedisAsync() => redis = needs.Redis ? await TestRedis.CreateAsync() : null;

    private async Task CreateBrokerAsync() => broker = needs.Messaging ? await TestBroker.CreateAsync() : null;

    private async Task ReadContractAsync() => contract = needs.Contract ? await ServiceContract.OfAsync(typeof(TProgram).Assembly) : null;

    private async Task CreateInfluxAsync() => influx = needs.Influx ? await TestInflux.CreateAsync() : null;
}
