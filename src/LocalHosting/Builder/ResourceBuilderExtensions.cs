namespace PackRelay.LocalHosting;

/// <summary>References, waits, endpoints and variables in the deployment diagram.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Gives the destination the source's connection string and its parts as environment variables.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        _ = optional; // every connection string is known here before anything starts
        return builder.Annotate(new ReferenceAnnotation(source.Resource, connectionName));
    }

    /// <summary>Gives the destination the addresses of all endpoints of the source.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.Annotate(new ReferenceAnnotation(source.Resource));

    /// <summary>Gives the destination the address of one endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.Annotate(new ReferenceAnnotation(endpointReference.Resource, EndpointName: endpointReference.EndpointName));

    /// <summary>Starts the resource only when the dependency runs, is healthy and is ready, all replicas of it.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport =>
        builder.Annotate(new WaitAnnotation(dependency.Resource));

    /// <summary>Adds a GET that must be answered with that status (default 200) on that path (default /).</summary>
    /// <exception cref="InvalidOperationException">The resource has no such endpoint yet.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        string[] candidates = endpointName is null ? ["https", "http"] : [endpointName];
        var endpoint = candidates.FirstOrDefault(candidate => builder.Resource.All<EndpointAnnotation>().Any(known => string.Equals(known.Name, candidate, StringComparison.OrdinalIgnoreCase)));
        return endpoint is null
            ? throw new InvalidOperationException($"The resource '{builder.Resource.Name}' has no endpoint named {string.Join(" or ", candidates)} that a health check could ask; give its launch profile an applicationUrl or call WithHttpEndpoint first.")
            : builder.Annotate(new HttpHealthCheckAnnotation(path ?? "/", statusCode ?? 200, endpoint));
    }

    /// <summary>Marks the http endpoints as those that people open.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints =>
        builder.Annotate(new ExternalEndpointsAnnotation());

    /// <summary>Adds an http endpoint. A local process listens on <paramref name="port"/> itself (a free one when null); <paramref name="targetPort"/> matters only in containers.</summary>
    /// <exception cref="InvalidOperationException">The resource already has an endpoint of that name.</exception>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints
    {
        _ = targetPort;
        _ = isProxied;
        var endpoint = new EndpointAnnotation(name ?? "http", "http", port, env);
        return builder.Resource.All<EndpointAnnotation>().Any(known => string.Equals(known.Name, endpoint.Name, StringComparison.OrdinalIgnoreCase))
            ? throw new InvalidOperationException($"The resource '{builder.Resource.Name}' already has an endpoint named '{endpoint.Name}'.")
            : builder.Annotate(endpoint);
    }

    /// <summary>Names an endpoint of the resource.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Adds an environment variable with a fixed value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value) where T : IResourceWithEnvironment =>
        builder.Annotate(new EnvironmentAnnotation(name, Value: value));

    /// <summary>Adds an environment variable with an endpoint's address.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference) where T : IResourceWithEnvironment =>
        builder.Annotate(new EnvironmentAnnotation(name, Endpoint: endpointReference));

    /// <summary>Adds an environment variable with a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter) where T : IResourceWithEnvironment =>
        builder.Annotate(new EnvironmentAnnotation(name, Parameter: parameter.Resource));
}
