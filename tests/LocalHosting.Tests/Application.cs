using System.Globalization;
using Microsoft.Extensions.Configuration;
using PackRelay.LocalHosting.Running;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Tests;

/// <summary>A diagram with what it takes to look at its pure parts: fixed ports 1001, 1002, ... in the order of the endpoints, and the password "p" everywhere.</summary>
internal sealed class Application
{
    public IDistributedApplicationBuilder Builder { get; } = new DistributedApplicationBuilder([], appHost: null);

    public Allocation Allocate(params (string Name, string ConnectionString)[] external) => Allocate(Builder.Resources, external);

    public static Allocation Allocate(IResourceCollection resources, params (string Name, string ConnectionString)[] external)
    {
        var allocation = new Allocation();
        var port = 1000;
        foreach (var resource in resources)
        {
            allocation.Endpoints[resource.Name] = resource.All<EndpointAnnotation>().ToDictionary(
                endpoint => endpoint.Name,
                endpoint => (IReadOnlyList<Uri>)[.. Enumerable.Range(0, resource.Replicas()).Select(_ => new Uri(string.Create(CultureInfo.InvariantCulture, $"{endpoint.Scheme}://localhost:{++port}")))],
                StringComparer.OrdinalIgnoreCase);
            if (resource is ParameterResource)
                allocation.Parameters[resource.Name] = "p";
        }

        foreach (var (name, connectionString) in external)
            allocation.ExternalConnectionStrings[name] = connectionString;
        return allocation;
    }

    public StartPlan Plan(params (string Name, string ConnectionString)[] external) => StartPlan.From([.. Builder.Resources], Allocate(external));

    /// <summary>The variables of one process without the layers that are the same for all.</summary>
    public Dictionary<string, string> VariablesOf(IResourceBuilder<ProjectResource> project, int replica = 0, Allocation? allocation = null, Dictionary<string, string>? inherited = null)
    {
        var otlp = OtlpExport.From(new ConfigurationManager(), isDevelopment: false);
        return ProjectVariables.Of(project.Resource, replica, "abcdefgh", allocation ?? Allocate(), otlp, inherited ?? []);
    }
}

/// <summary>What the build writes for a project, with endpoints added by the test instead of a launch profile.</summary>
public sealed class SampleProject : IProjectMetadata
{
    public string ProjectPath => "/nowhere/Sample.csproj";
}
