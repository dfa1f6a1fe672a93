using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

/// <summary>The limiter of one process, as a service registers it.</summary>
internal sealed class LimiterHost : IAsyncDisposable
{
    private readonly WebApplication app;

    public LimiterHost(string redis, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:cache", redis),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))]);
        builder.AddRedisClient("cache");
        builder.Services.AddSingleton(clock);
        builder.Services.AddRateLimits();
        app = builder.Build();
    }

    public SharedRateLimiter Limiter => app.Services.GetRequiredService<SharedRateLimiter>();

    public RateLimitPolicies Policies => app.Services.GetRequiredService<RateLimitPolicies>();

    public RedisClient Redis => app.Services.GetRequiredService<RedisClient>();

    public IServiceProvider Services => app.Services;

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
