using PackRelay.ServiceDefaults.Discovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace PackRelay.Gateway.Forwarding;

/// <summary>Turns a service's name, as in <c>http://catalog</c>, into one destination per replica. Other addresses stay as they are.</summary>
internal sealed class ServiceDestinations(ServiceEndpoints endpoints) : IDestinationResolver
{
    public ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            var replicas = endpoints.Of(address.Host);
            if (replicas.Count == 0 && address.IsDefaultPort)
                throw new InvalidOperationException($"The service '{address.Host}' is not configured: set services__{address.Host}__http__0.");
            if (replicas.Count == 0) resolved[name] = destination;
            for (var i = 0; i < replicas.Count; i++) resolved[$"{address.Host}-{i}"] = destination with { Address = replicas[i].ToString() };
        }

        return ValueTask.FromResult(new ResolvedDestinationCollection(resolved, changeToken: null));
    }
}
