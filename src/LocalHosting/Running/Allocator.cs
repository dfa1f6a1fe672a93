using Microsoft.Extensions.Configuration;
using PackRelay.LocalHosting.Servers;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Running;

/// <summary>Decides ports and values once per start of the AppHost.</summary>
internal sealed class Allocator(IConfiguration configuration, SecretStore secrets)
{
    private readonly HashSet<int> taken = [];

    /// <exception cref="AppHostException">A parameter has no value or a given address is not one.</exception>
    public Allocation Allocate(IEnumerable<IResource> resources)
    {
        var allocation = new Allocation();
        var all = resources.ToList();
        foreach (var resource in all)
        {
            if (resource is IResourceWithConnectionString && configuration.GetConnectionString(resource.Name) is { Length: > 0 } given)
                allocation.ExternalConnectionStrings[resource.Name] = given;
            allocation.Endpoints[resource.Name] = resource.All<EndpointAnnotation>().ToDictionary(
                endpoint => endpoint.Name, endpoint => Given(resource, endpoint) is { } url ? (IReadOnlyList<Uri>)[url] : Addresses(resource, endpoint), StringComparer.OrdinalIgnoreCase);
            if (resource is ContainerResource and not IResourceWithConnectionString && resource.All<EndpointAnnotation>().Any(endpoint => Given(resource, endpoint) is not null))
                allocation.ExternalConnectionStrings[resource.Name] = allocation.Endpoints[resource.Name].Values.First()[0].ToString();
        }

        foreach (var parameter in all.OfType<ParameterResource>())
            allocation.Parameters[parameter.Name] = ValueOf(parameter);
        return allocation;
    }

    // An address given under the name that others would get injected (services:influxdb:http:0): that server is somebody else's.
    private Uri? Given(IResource resource, EndpointAnnotation endpoint)
    {
        var key = $"services:{resource.Name}:{endpoint.Name}:0";
        if (resource is not ContainerResource || configuration[key] is not { Length: > 0 } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw new AppHostException($"{key} is '{text}', which is not an absolute address.");
    }

    private Uri[] Addresses(IResource resource, EndpointAnnotation endpoint)
    {
        if (endpoint.Port is not null && resource.Replicas() > 1)
            throw new AppHostException($"The resource '{resource.Name}' has {resource.Replicas()} replicas, so its endpoint '{endpoint.Name}' cannot have one fixed port.");
        if (endpoint.Port is < 1 or > ushort.MaxValue)
            throw new AppHostException($"The port of '{resource.Name}' is {endpoint.Port} but must be 1 to {ushort.MaxValue}.");
        return [.. Enumerable.Range(0, resource.Replicas()).Select(_ => new Uri($"{endpoint.Scheme}://localhost:{endpoint.Port ?? FreePort()}"))];
    }

    private int FreePort()
    {
        int port;
        do
            port = FreePorts.Next();
        while (!taken.Add(port));
        return port;
    }

    private string ValueOf(ParameterResource parameter)
    {
        var configured = configuration[$"Parameters:{parameter.Name}"] ?? configuration[$"Parameters:{parameter.Name.Replace('-', '_')}"];
        if (!string.IsNullOrEmpty(configured))
            return configured;
        return parameter.Secret
            ? secrets.GetOrCreate(parameter.Name)
            : throw new AppHostException($"The parameter '{parameter.Name}' has no value. Set Parameters__{parameter.Name}.");
    }
}
