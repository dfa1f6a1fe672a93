namespace PackRelay.LocalHosting.Variables;

/// <summary>What is decided once when the AppHost starts: ports, users, passwords, and what is given from outside. Restarts of a resource change nothing of it.</summary>
internal sealed class Allocation
{
    /// <summary>Values of the parameters, by name.</summary>
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Connection strings given from outside, by resource; such a resource is not started.</summary>
    public Dictionary<string, string> ExternalConnectionStrings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Addresses of the endpoints, one per replica, by resource and then by endpoint.</summary>
    public Dictionary<string, Dictionary<string, IReadOnlyList<Uri>>> Endpoints { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Uri> AddressesOf(IResource resource, string endpointName) =>
        Endpoints.TryGetValue(resource.Name, out var endpoints) && endpoints.TryGetValue(endpointName, out var addresses)
            ? addresses
            : throw new InvalidOperationException($"The resource '{resource.Name}' has no endpoint named '{endpointName}'.");

    public int PortOf(IResource resource, string endpointName) => AddressesOf(resource, endpointName)[0].Port;

    public string ValueOf(ParameterResource parameter) =>
        Parameters.TryGetValue(parameter.Name, out var value) ? value : throw new InvalidOperationException($"The parameter '{parameter.Name}' has no value.");
}
