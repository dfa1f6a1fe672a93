namespace PackRelay.LocalHosting;

/// <summary>One box of the deployment diagram.</summary>
public interface IResource
{
    /// <summary>Unique name: 1 to 64 ASCII letters, digits and single hyphens, starting with a letter.</summary>
    string Name { get; }

    /// <summary>What the builder calls have said about the resource, in their order.</summary>
    ICollection<IResourceAnnotation> Annotations { get; }
}

/// <summary>One thing that a builder call has said about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>A resource that gives those who refer to it a connection string.</summary>
public interface IResourceWithConnectionString : IResource;

/// <summary>A resource that listens on named endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that is started with environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that is started with arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource whose start can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource whose endpoints are found by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that exists only inside another one.</summary>
/// <typeparam name="T">Kind of the other one.</typeparam>
public interface IResourceWithParent<out T> : IResource where T : IResource
{
    /// <summary>The resource that contains this one.</summary>
    T Parent { get; }
}

/// <summary>All resources of one application, in the order in which they were added.</summary>
public interface IResourceCollection : IList<IResource>;

/// <summary>What every resource has.</summary>
/// <param name="name">See <see cref="IResource.Name"/>.</param>
/// <exception cref="ArgumentException">The name breaks the rules.</exception>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc/>
    public string Name { get; } = ResourceName.Checked(name);

    /// <inheritdoc/>
    public ICollection<IResourceAnnotation> Annotations { get; } = [];
}
