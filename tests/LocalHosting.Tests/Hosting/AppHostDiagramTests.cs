using Microsoft.Extensions.Configuration;
using PackRelay.LocalHosting.Running;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Tests.Hosting;

/// <summary>What the settings make of the hub's own diagram.</summary>
public sealed class AppHostDiagramTests
{
    [Fact]
    public void Telemetry_WithThreeReplicas_IsThreeProcessesThatEveryGatewayKnows()
    {
        var resources = AppHostDiagram.Read("--Telemetry:Replicas=3", "--Gateway:Replicas=2");
        var allocation = Application.Allocate(resources);
        var plan = StartPlan.From([.. resources], allocation);

        Assert.Equal(["telemetry-1", "telemetry-2", "telemetry-3"], plan.Instances.Select(instance => instance.Name).Where(name => name.StartsWith("telemetry-", StringComparison.Ordinal)));
        foreach (var name in new[] { "gateway", "gateway-2" })
        {
            var gateway = plan.Instances.Single(instance => instance.Name == name);
            Assert.Superset(new HashSet<string> { "telemetry-1", "telemetry-2", "telemetry-3" }, plan.WaitsFor(gateway).Select(instance => instance.Name).ToHashSet());
            var variables = ProjectVariables.Of((ProjectResource)gateway.Resource, 0, "abcdefgh", allocation, OtlpExport.From(new ConfigurationManager(), isDevelopment: false), new Dictionary<string, string>());
            var addresses = Enumerable.Range(0, 3).Select(replica => variables[$"services__telemetry__http__{replica}"]).ToList();
            Assert.Equal(3, addresses.Distinct().Count());
            Assert.DoesNotContain("services__telemetry__http__3", variables.Keys);
        }
    }

    [Fact]
    public void Telemetry_WithoutASetting_IsOneProcess() =>
        Assert.Single(StartPlan.From([.. AppHostDiagram.Read()], Application.Allocate(AppHostDiagram.Read())).Instances, instance => instance.Name == "telemetry");
}
