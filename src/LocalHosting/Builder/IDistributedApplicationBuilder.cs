using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PackRelay.LocalHosting;

/// <summary>Collects the resources of an application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Folder of the AppHost's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>Settings from appsettings.json, environment variables and the command line; <c>LocalHosting:DataDirectory</c> always has a value here.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The environment's name and content root.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Whether the application is run or published; here it is always run.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Everything added so far.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Services of the AppHost itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="ArgumentException">A resource of that name was added before.</exception>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    /// <summary>A builder for a resource that is not added.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}

/// <summary>Says for what the description is used.</summary>
public sealed class DistributedApplicationExecutionContext
{
    /// <summary>True when the application is started on this machine, which is all that local hosting does.</summary>
    public bool IsRunMode { get; } = true;

    /// <summary>True when deployment files are written instead; never here.</summary>
    public bool IsPublishMode { get; }
}
