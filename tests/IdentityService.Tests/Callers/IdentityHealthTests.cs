using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.IdentityService.Tests.Callers;

/// <summary>The service as it is while the broker is away.</summary>
public sealed class IdentityWithoutItsBus : IdentityApi
{
    protected override void ReplaceServices(IServiceCollection services) =>
        services.AddHealthChecks().AddCheck("masstransit", () => HealthCheckResult.Unhealthy("the broker is away"), ["ready"]);
}

public sealed class IdentityHealthTests(IdentityWithoutItsBus api) : IClassFixture<IdentityWithoutItsBus>
{
    [Theory]
    [InlineData("/health", HttpStatusCode.ServiceUnavailable)]
    [InlineData(GatewaySign.IdentityHealth, HttpStatusCode.OK)]
    public async Task Health_WhileTheBusIsAway_IsWellForCallers(string path, HttpStatusCode status)
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
    }
}
