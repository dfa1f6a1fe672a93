using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using PackRelay.ServiceDefaults.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the Redis client by the conventions of Aspire's StackExchange.Redis integration.</summary>
public static class RedisHostingExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Registers a singleton <see cref="RedisClient"/> and the health check <c>StackExchange.Redis</c>. Settings are read from <c>Aspire:StackExchange:Redis</c>,
    /// then from its child named like the connection; <c>ConnectionStrings:{connectionName}</c> wins over their connection string; the callbacks have the last word.
    /// </summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder, string connectionName, Action<RedisClientSettings>? configureSettings = null, Action<RedisClientOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder, connectionName, null, configureSettings, configureOptions);
    }

    /// <summary>The same as a keyed service of that name, with the health check <c>StackExchange.Redis_{name}</c>.</summary>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder, string name, Action<RedisClientSettings>? configureSettings = null, Action<RedisClientOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder, name, name, configureSettings, configureOptions);
    }

    private static void Add(
        IHostApplicationBuilder builder, string connectionName, string? key, Action<RedisClientSettings>? configureSettings, Action<RedisClientOptions>? configureOptions)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(Section);
        var named = section.GetSection(connectionName);
        var settings = new RedisClientSettings();
        section.Bind(settings);
        named.Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        // Read when first resolved: a missing string is an error of whoever needs the client, not of the registration.
        var options = new Lazy<RedisClientOptions>(() =>
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString))
                throw new InvalidOperationException($"Redis has no connection string: set 'ConnectionStrings:{connectionName}' or '{Section}:ConnectionString'.");
            var parsed = RedisConnectionString.Parse(settings.ConnectionString);
            section.GetSection("ConfigurationOptions").Bind(parsed);
            named.GetSection("ConfigurationOptions").Bind(parsed);
            parsed.Tracing = !settings.DisableTracing;
            configureOptions?.Invoke(parsed);
            return parsed;
        });

        // The system's clock whatever TimeProvider is registered: sockets do not wait for a stepped one.
        RedisClient Create(IServiceProvider services) => new(options.Value, services.GetRequiredService<ILogger<RedisClient>>(), TimeProvider.System);
        RedisClient Resolve(IServiceProvider services) => key is null ? services.GetRequiredService<RedisClient>() : services.GetRequiredKeyedService<RedisClient>(key);
        if (key is null)
            builder.Services.AddSingleton(Create);
        else
            builder.Services.AddKeyedSingleton(key, (services, _) => Create(services));

        if (!settings.DisableAutoActivation)
            builder.Services.AddSingleton<IHostedService>(services => new RedisActivation(Resolve(services), options.Value.AbortOnConnectFail));
        if (!settings.DisableHealthChecks)
            AddHealthCheck(builder, key is null ? "StackExchange.Redis" : $"StackExchange.Redis_{key}", Resolve);
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string name, Func<IServiceProvider, RedisClient> resolve)
    {
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
            return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, services => new RedisHealthCheck(() => resolve(services)), failureStatus: null, tags: null));
    }
}
