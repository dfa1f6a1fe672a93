using System.Collections.ObjectModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PackRelay.LocalHosting.Running;

namespace PackRelay.LocalHosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder host;
    private readonly ResourceCollection resources = [];

    public DistributedApplicationBuilder(string[] args, Assembly? appHost)
    {
        AppHostDirectory = Metadata(appHost, "AppHostProjectDirectory") ?? Directory.GetCurrentDirectory();
        host = new HostApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppHostDirectory });
        var dataDirectory = Configuration[LocalHostingSettings.DataDirectoryKey] ?? Metadata(appHost, "LocalHostingDataDirectory") ?? Path.Combine(AppHostDirectory, ".data");
        Configuration[LocalHostingSettings.DataDirectoryKey] = Path.GetFullPath(dataDirectory);
        // Stopping in order takes longer than a host usually waits: a service drains, then a broker writes its indices.
        Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(2));
    }

    public string AppHostDirectory { get; }

    public ConfigurationManager Configuration => host.Configuration;

    public IHostEnvironment Environment => host.Environment;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IResourceCollection Resources => resources;

    public IServiceCollection Services => host.Services;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException($"There is already a resource named '{resource.Name}'.", nameof(resource));
        resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        host.Services.AddLocalHosting(resources);
        return new(host.Build());
    }

    private static string? Metadata(Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.Ordinal))?.Value;

    private sealed class ResourceCollection : Collection<IResource>, IResourceCollection;
}
