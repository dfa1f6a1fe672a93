using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.ServiceDefaults.Tests.Redis;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

/// <summary>The limiter of one process, as a service registers it.</summary>
internal sealed class LimiterHost : IAsyncDisposable
{
    private readonly WebApplication app;

    public LimiterHost(string redis, TimeProvider clock, params (string Key, string Value)[] settings)
        : this(redis, clock, patience: null, settings)
    {
    }

    private LimiterHost(string redis, TimeProvider clock, TimeSpan? patience, (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:cache", redis),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))]);
        builder.AddRedisClient("cache");
        builder.Services.AddSingleton(clock);
        builder.Services.AddRateLimits();
        if (patience is { } wait) builder.Services.AddSingleton(Options.Create(new RateLimitOptions { StoreTimeout = wait })); // longer than a service may be told to wait
        app = builder.Build();
    }

    public SharedRateLimiter Limiter => app.Services.GetRequiredService<SharedRateLimiter>();

    public RateLimitPolicies Policies => app.Services.GetRequiredService<RateLimitPolicies>();

    public RedisClient Redis => app.Services.GetRequiredService<RedisClient>();

    public IServiceProvider Services => app.Services;

    /// <summary>A limiter that waits for Redis as long as it takes, so that every request is counted there however busy the machine is.</summary>
    public static LimiterHost Patient(PrivateRedis redis, TimeProvider clock) => new(redis.ConnectionString, clock, TimeSpan.FromMinutes(1), []);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
