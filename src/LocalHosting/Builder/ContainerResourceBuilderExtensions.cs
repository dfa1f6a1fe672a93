namespace PackRelay.LocalHosting;

/// <summary>Containers in the deployment diagram; local processes stand in for the known images.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container by image and tag.</summary>
    /// <exception cref="NotSupportedException">No local server stands in for that image.</exception>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag)
    {
        LocalImages.Check(image, tag);
        return builder.AddResource(new ContainerResource(name)).Annotate(new ContainerImageAnnotation(image, tag));
    }

    /// <summary>Keeps the data between runs, which a local process always does.</summary>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false) where T : ContainerResource
    {
        _ = name;
        _ = target;
        _ = isReadOnly;
        return builder;
    }

    /// <summary>Has no effect on local processes: they end with the AppHost and their data stays.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime) where T : ContainerResource
    {
        _ = lifetime;
        return builder;
    }
}

/// <summary>The images for which a local server stands in.</summary>
internal static class LocalImages
{
    private static readonly string[] InfluxNames = ["influxdb", "library/influxdb"];

    public static void Check(string image, string? tag)
    {
        if (!InfluxNames.Contains(image, StringComparer.Ordinal))
            throw new NotSupportedException($"No local server stands in for the container image '{image}'; known are: {string.Join(", ", InfluxNames)}. Use the container (-p:UseAspire=true) or give a connection string.");
        if (tag is null || !tag.StartsWith("1.", StringComparison.Ordinal))
            throw new NotSupportedException($"The local server for the image '{image}' is InfluxDB 1.x, not '{tag}'.");
    }
}
