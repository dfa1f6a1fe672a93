namespace PackRelay.LocalHosting;

/// <summary>RabbitMQ in the deployment diagram.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds a server. Without a password parameter a password is generated once under the name <c>{name}-password</c>.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.AddResource(new RabbitMQServerResource(name, userName?.Resource, password?.Resource ?? builder.GeneratedPassword(name)))
            .Annotate(new EndpointAnnotation("tcp", "tcp", port));

    /// <summary>Turns the management pages on.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.Annotate(new ManagementPluginAnnotation()).Annotate(new EndpointAnnotation("management", "http", Port: null));
}
