namespace PackRelay.LocalHosting;

/// <summary>Parameters in the deployment diagram.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a value that comes from <c>Parameters:{name}</c>. A secret that is not configured is generated once and kept below the data folder.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, secret));

    internal static ParameterResource GeneratedPassword(this IDistributedApplicationBuilder builder, string serverName) => builder.AddParameter($"{serverName}-password", secret: true).Resource;
}
