using Microsoft.Extensions.Configuration;

namespace PackRelay.ServiceDefaults.Discovery;

/// <summary>Addresses of the other services, from the variables that the AppHost injects: <c>services__catalog__http__0</c>, <c>__1</c> and so on.</summary>
public sealed class ServiceEndpoints(IConfiguration configuration)
{
    /// <summary>The addresses of all replicas of a service, in order; empty when it is not configured. Reads <c>http</c>, else <c>default</c>.</summary>
    public IReadOnlyList<Uri> Of(string service)
    {
        var section = configuration.GetSection($"Services:{service}");
        var endpoint = section.GetSection("http");
        if (!endpoint.Exists()) endpoint = section.GetSection("default");
        IEnumerable<string?> values = !string.IsNullOrEmpty(endpoint.Value) ? [endpoint.Value] : endpoint.GetChildren().OrderBy(child => child.Key.Length).ThenBy(child => child.Key, StringComparer.Ordinal).Select(child => child.Value);
        return [.. values.Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => new Uri(value!))];
    }
}
