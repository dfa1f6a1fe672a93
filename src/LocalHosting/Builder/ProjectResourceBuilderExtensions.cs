namespace PackRelay.LocalHosting;

/// <summary>Projects in the deployment diagram.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project with the endpoints and variables of its launch profile.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        var project = builder.AddResource(new ProjectResource(name)).Annotate(metadata);
        if (LaunchProfile.Read(Path.GetDirectoryName(metadata.ProjectPath)!, builder.Configuration["DOTNET_LAUNCH_PROFILE"]) is not { } profile)
            return project;

        project.Annotate(new LaunchProfileAnnotation(profile));
        foreach (var url in profile.ApplicationUrls)
        {
            // Named by scheme; a second one of the same scheme gets a number. Their ports are for starting the project alone.
            var sameScheme = project.Resource.All<EndpointAnnotation>().Count(endpoint => string.Equals(endpoint.Scheme, url.Scheme, StringComparison.Ordinal));
            project.Annotate(new EndpointAnnotation(sameScheme == 0 ? url.Scheme : $"{url.Scheme}{sameScheme + 1}", url.Scheme, Port: null));
        }

        return project;
    }

    /// <summary>Starts that many processes, each on its own port.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        if (replicas < 1)
            throw new AppHostException($"The number of replicas of '{builder.Resource.Name}' is {replicas} but must be at least 1.");
        return builder.Annotate(new ReplicaAnnotation(replicas));
    }
}
