using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RedisHostingExtensionsTests(PrivateRedis server) : IClassFixture<PrivateRedis>
{
    [Fact]
    public async Task AddRedisClient_WithAConnectionString_GivesAWorkingClientAndAHealthCheck()
    {
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString, ["Aspire:StackExchange:Redis:cache:ConnectionString"] = "elsewhere:1" });
        await host.Services.GetRequiredService<RedisClient>().SetAsync("a", 1);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Entries["StackExchange.Redis"].Status);
    }

    [Fact]
    public async Task AddRedisClient_WithoutAServer_IsUnhealthyAndDoesNotThrow()
    {
        using var host = Build(new() { ["Aspire:StackExchange:Redis:cache:ConnectionString"] = "127.0.0.1:1" });
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["StackExchange.Redis"].Status);
    }

    [Fact]
    public void AddRedisClient_WithoutAConnectionString_FailsWhenResolvedAndNamesBothKeys()
    {
        using var host = Build([]);
        var error = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<RedisClient>);
        Assert.Contains("ConnectionStrings:cache", error.Message, StringComparison.Ordinal);
        Assert.Contains("Aspire:StackExchange:Redis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRedisClient_WithDisabledHealthChecks_RegistersNone()
    {
        using var host = Build(new() { ["Aspire:StackExchange:Redis:DisableHealthChecks"] = "true" });
        Assert.Null(host.Services.GetService<HealthCheckService>());
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddRedisClient("cache");
        return builder.Build();
    }
}
