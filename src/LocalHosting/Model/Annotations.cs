namespace PackRelay.LocalHosting;

/// <summary>An environment variable with a fixed value, a parameter's value or an endpoint's address.</summary>
internal sealed record EnvironmentAnnotation(string Name, string? Value = null, ParameterResource? Parameter = null, EndpointReference? Endpoint = null) : IResourceAnnotation;

/// <summary>A reference to another resource: its connection string and properties, or its endpoints (all, or the named one).</summary>
internal sealed record ReferenceAnnotation(IResource Source, string? ConnectionName = null, string? EndpointName = null) : IResourceAnnotation;

/// <summary>The resource starts when the other one is running and healthy.</summary>
internal sealed record WaitAnnotation(IResource Dependency) : IResourceAnnotation;

/// <summary>A GET that must answer with this status.</summary>
internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode, string EndpointName) : IResourceAnnotation;

/// <summary>An endpoint; without a port a free one is taken at each start of the AppHost.</summary>
internal sealed record EndpointAnnotation(string Name, string Scheme, int? Port, string? PortVariable = null) : IResourceAnnotation;

/// <summary>People may open the endpoints; shown on the status page.</summary>
internal sealed record ExternalEndpointsAnnotation : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record ContainerImageAnnotation(string Image, string? Tag) : IResourceAnnotation;

internal sealed record ManagementPluginAnnotation : IResourceAnnotation;

/// <summary>The launch profile that a project is started with.</summary>
internal sealed record LaunchProfileAnnotation(LaunchProfile Profile) : IResourceAnnotation;

internal static class AnnotationReading
{
    public static IEnumerable<T> All<T>(this IResource resource) where T : IResourceAnnotation => resource.Annotations.OfType<T>();

    public static T? Last<T>(this IResource resource) where T : class, IResourceAnnotation => resource.Annotations.OfType<T>().LastOrDefault();

    public static int Replicas(this IResource resource) => resource.Last<ReplicaAnnotation>()?.Replicas ?? 1;
}
