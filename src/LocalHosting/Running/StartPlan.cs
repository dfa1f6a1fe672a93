using PackRelay.LocalHosting.Servers;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Running;

/// <summary>How a resource comes to life.</summary>
internal enum StartKind
{
    /// <summary>A server process of ours.</summary>
    Server,

    /// <summary>A database inside a server.</summary>
    Database,

    /// <summary>A process of one of the repository's projects.</summary>
    Project,

    /// <summary>Given from outside: only looked at.</summary>
    External,
}

/// <summary>One thing to start or to watch. A project has as many as it has replicas; then their names carry a number.</summary>
internal sealed record PlannedInstance(string Name, IResource Resource, int Replica, StartKind Kind);

/// <summary>What is to be started and in which order. Pure.</summary>
internal sealed class StartPlan
{
    private StartPlan(IReadOnlyList<PlannedInstance> instances) => Instances = instances;

    public IReadOnlyList<PlannedInstance> Instances { get; }

    /// <exception cref="AppHostException">Resources wait for each other in a circle.</exception>
    public static StartPlan From(IReadOnlyCollection<IResource> resources, Allocation allocation)
    {
        var instances = new List<PlannedInstance>();
        foreach (var resource in resources.Where(resource => resource is not ParameterResource))
        {
            var kind = KindOf(resource, allocation);
            if (kind == StartKind.Server && !IsNeeded(resource, resources, allocation))
                continue;
            var replicas = resource.Replicas();
            for (var i = 0; i < replicas; i++)
                instances.Add(new(replicas == 1 ? resource.Name : $"{resource.Name}-{i + 1}", resource, i, kind));
        }

        var plan = new StartPlan(instances);
        foreach (var resource in resources)
            RefuseCircle(resource, []);
        return plan;
    }

    /// <summary>The Debian packages of the servers that are to be started.</summary>
    public IReadOnlyList<string> Packages =>
        [.. Instances.Where(instance => instance.Kind == StartKind.Server).Select(instance => instance.Resource switch
        {
            PostgresServerResource => DebianPackages.Postgres,
            RedisResource => DebianPackages.Redis,
            RabbitMQServerResource => DebianPackages.RabbitMq,
            _ => DebianPackages.Influx,
        }).Distinct(StringComparer.Ordinal)];

    /// <summary>What must be running and healthy before this one starts. To wait for a database is to wait for its server, too.</summary>
    public IReadOnlyList<PlannedInstance> WaitsFor(PlannedInstance instance) => InstancesOf(Dependencies(instance.Resource));

    /// <summary>What must be stopped before this one: everything that waits for it or refers to it.</summary>
    public IReadOnlyList<PlannedInstance> StopsAfter(PlannedInstance instance) =>
        [.. Instances.Where(other => other.Resource != instance.Resource && (Dependencies(other.Resource).Contains(instance.Resource) || RefersTo(other.Resource, instance.Resource)))];

    private static StartKind KindOf(IResource resource, Allocation allocation)
    {
        if (allocation.ExternalConnectionStrings.ContainsKey(resource.Name))
            return StartKind.External;
        return resource switch
        {
            ProjectResource => StartKind.Project,
            PostgresDatabaseResource => StartKind.Database,
            _ => StartKind.Server,
        };
    }

    // A database server of which every database is given from outside would run for nobody.
    private static bool IsNeeded(IResource resource, IReadOnlyCollection<IResource> resources, Allocation allocation)
    {
        if (resource is not PostgresServerResource)
            return true;
        var databases = resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == resource).ToList();
        return databases.Count == 0
            || databases.Exists(database => !allocation.ExternalConnectionStrings.ContainsKey(database.Name))
            || resources.Any(other => other.All<ReferenceAnnotation>().Any(reference => reference.Source == resource));
    }

    private static IEnumerable<IResource> Dependencies(IResource resource)
    {
        foreach (var wait in resource.All<WaitAnnotation>())
        {
            yield return wait.Dependency;
            if (wait.Dependency is PostgresDatabaseResource database)
                yield return database.Parent;
        }

        if (resource is PostgresDatabaseResource own)
            yield return own.Parent;
    }

    private static bool RefersTo(IResource resource, IResource target) =>
        resource.All<ReferenceAnnotation>().Any(reference => reference.Source == target || (reference.Source is PostgresDatabaseResource database && database.Parent == target))
        // Two that refer to each other are stopped at the same time.
        && !target.All<ReferenceAnnotation>().Any(reference => reference.Source == resource);

    private PlannedInstance[] InstancesOf(IEnumerable<IResource> resources) =>
        [.. resources.Distinct().SelectMany(resource => Instances.Where(instance => instance.Resource == resource))];

    private static void RefuseCircle(IResource resource, List<IResource> path)
    {
        if (path.Contains(resource))
            throw new AppHostException($"These resources wait for each other in a circle: {string.Join(" -> ", path.SkipWhile(one => one != resource).Append(resource).Select(one => one.Name))}.");
        path.Add(resource);
        foreach (var dependency in Dependencies(resource))
            RefuseCircle(dependency, path);
        path.RemoveAt(path.Count - 1);
    }
}
