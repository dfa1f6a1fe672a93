using Microsoft.Extensions.Configuration;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.ServiceDefaults.Tests.Discovery;

public sealed class ServiceEndpointsTests
{
    [Fact]
    public void Of_Replicas_AreInNumericOrder()
    {
        var values = Enumerable.Range(0, 12).ToDictionary(i => $"services:telemetry:http:{i}", i => (string?)$"http://localhost:{5000 + i}", StringComparer.Ordinal);

        Assert.Equal(Enumerable.Range(5000, 12), Endpoints(values).Of("telemetry").Select(uri => uri.Port));
    }

    [Fact]
    public void Of_SingleValue_IsOneReplica() =>
        Assert.Equal(5000, Assert.Single(Endpoints(new() { ["services:catalog:http"] = "http://localhost:5000" }).Of("catalog")).Port);

    [Fact]
    public void Of_ReplicasBelowAnEmptyValue_AreFound() => // a configuration copied key by key gives every section a value, an empty one
        Assert.Equal(5001, Assert.Single(Endpoints(new() { ["services:catalog:http"] = "", ["services:catalog:http:0"] = "http://localhost:5001" }).Of("catalog")).Port);

    [Fact]
    public void Of_DefaultEndpoint_IsUsedWithoutHttp() =>
        Assert.Equal("x.test", Assert.Single(Endpoints(new() { ["services:mc:default:0"] = "https://x.test/" }).Of("mc")).Host);

    [Fact]
    public void Of_UnknownService_IsEmpty() => Assert.Empty(Endpoints([]).Of("catalog"));

    private static ServiceEndpoints Endpoints(Dictionary<string, string?> values) => new(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
