namespace PackRelay.LocalHosting;

/// <summary>Redis in the deployment diagram.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server. Without a password parameter a password is generated once under the name <c>{name}-password</c>.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddResource(new RedisResource(name, password?.Resource ?? builder.GeneratedPassword(name))).Annotate(new EndpointAnnotation("tcp", "tcp", port));
}
