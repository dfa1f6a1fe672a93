namespace PackRelay.LocalHosting;

/// <summary>PostgreSQL in the deployment diagram.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server. Without a password parameter a password is generated once under the name <c>{name}-password</c>.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.AddResource(new PostgresServerResource(name, userName?.Resource, password?.Resource ?? builder.GeneratedPassword(name)))
            .Annotate(new EndpointAnnotation("tcp", "tcp", port));

    /// <summary>Adds a database, which is created when the server is ready and has none of that name.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null) =>
        builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));

    /// <summary>Keeps the data between runs, which a local process always does.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        _ = name;
        _ = isReadOnly;
        return builder;
    }
}
