namespace PackRelay.LocalHosting;

/// <summary>A value from the configuration key <c>Parameters:{name}</c>; a secret that is not configured is generated once and kept.</summary>
/// <param name="name">Name of the parameter.</param><param name="secret">True for passwords and keys: never shown without being asked for.</param>
public sealed class ParameterResource(string name, bool secret) : Resource(name)
{
    /// <summary>True for passwords and keys.</summary>
    public bool Secret { get; } = secret;
}

/// <summary>A server that comes as a container image under Aspire; here a local process stands in for the images that are known.</summary>
/// <param name="name">Name of the resource.</param>
public class ContainerResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport;

/// <summary>A PostgreSQL server.</summary>
/// <param name="name">Name of the resource.</param><param name="userName">The superuser's name; null means <c>postgres</c>.</param><param name="password">The superuser's password.</param>
public sealed class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal ParameterResource? UserNameParameter { get; } = userName;

    internal ParameterResource PasswordParameter { get; } = password;
}

/// <summary>A database of a PostgreSQL server; it is created when the server is ready.</summary>
/// <param name="name">Name of the resource and of its connection string.</param><param name="databaseName">Name of the database in the server.</param><param name="postgresParentResource">The server.</param>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <inheritdoc/>
    public PostgresServerResource Parent { get; } = postgresParentResource;

    /// <summary>Name of the database in the server.</summary>
    public string DatabaseName { get; } = databaseName;
}

/// <summary>A Redis server.</summary>
/// <param name="name">Name of the resource.</param><param name="password">Password that clients must give.</param>
public sealed class RedisResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal ParameterResource PasswordParameter { get; } = password;
}

/// <summary>A RabbitMQ server.</summary>
/// <param name="name">Name of the resource.</param><param name="userName">The administrator's name; null means <c>guest</c>.</param><param name="password">The administrator's password.</param>
public sealed class RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    internal ParameterResource? UserNameParameter { get; } = userName;

    internal ParameterResource PasswordParameter { get; } = password;
}

/// <summary>A .NET project of this repository, started as one process per replica.</summary>
/// <param name="name">Name of the resource.</param>
public sealed class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>How long a container lives; local processes always end with the AppHost, and their data stays.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the AppHost.</summary>
    Session,

    /// <summary>Longer than the AppHost, where containers are used.</summary>
    Persistent,
}

/// <summary>A named endpoint of a resource; its address is known when the application starts.</summary>
public sealed class EndpointReference
{
    internal EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>Name of the endpoint, such as <c>http</c>.</summary>
    public string EndpointName { get; }
}

/// <summary>Where a project is; the build writes one implementation for each project that the AppHost refers to.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }
}

/// <summary>Where the build has put a project's program; beside <see cref="IProjectMetadata"/> on the classes that the build writes.</summary>
public interface IBuiltProject
{
    /// <summary>Full path of the project's assembly.</summary>
    string AssemblyPath { get; }
}
