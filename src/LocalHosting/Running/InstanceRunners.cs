using System.Security.Cryptography;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Running;

/// <summary>What all instances are started with.</summary>
internal sealed record StartContext(DataDirectory Data, Allocation Allocation, OtlpExport Otlp, Guardian Guardian)
{
    /// <summary>The AppHost's own environment.</summary>
    public IReadOnlyDictionary<string, string> Inherited { get; } = Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}

/// <summary>Starts the projects' processes.</summary>
internal static class ProjectStart
{
    public static Func<CancellationToken, Task<RunningProcess>> Of(PlannedInstance instance, StartContext context, ConsoleLog log)
    {
        var project = (ProjectResource)instance.Resource;
        var metadata = project.Last<IProjectMetadata>()!;
        var assembly = (metadata as IBuiltProject)?.AssemblyPath ?? throw new AppHostException($"The build has not said where the program of '{project.Name}' is.");
        var instanceId = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8); // of this replica, also after a restart
        return _ =>
        {
            if (!File.Exists(assembly))
                throw new FileNotFoundException($"{assembly} is missing; build the AppHost first.", assembly);
            var variables = ProjectVariables.Of(project, instance.Replica, instanceId, context.Allocation, context.Otlp, context.Inherited);
            var process = ChildProcess.Start(new(DotNet, [assembly], Path.GetDirectoryName(metadata.ProjectPath)!)
            {
                Environment = variables,
                Log = log.Write,
                Guardian = context.Guardian,
            });
            return Task.FromResult(RunningProcess.Of(process));
        };
    }

    public static Func<CancellationToken, Task<string?>>? Check(PlannedInstance instance, Allocation allocation)
    {
        var checks = instance.Resource.All<HttpHealthCheckAnnotation>()
            .Select(check => (Url: new Uri(allocation.AddressesOf(instance.Resource, check.EndpointName)[instance.Replica], check.Path), check.StatusCode)).ToList();
        if (checks.Count == 0)
            return null;
        return async stop =>
        {
            foreach (var (url, status) in checks)
            {
                if (await ServerProbes.HttpAsync(url, status, stop) is { } problem)
                    return problem;
            }

            return null;
        };
    }

    // The program that runs us, of which DOTNET_ROOT or PATH may know nothing.
    private static string DotNet =>
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}

/// <summary>Starts the servers' processes.</summary>
internal static class ServerStart
{
    public static Func<CancellationToken, Task<RunningProcess>> Of(PlannedInstance instance, StartContext context, ConsoleLog log)
    {
        var (resource, allocation, guardian) = (instance.Resource, context.Allocation, context.Guardian);
        var directory = context.Data.Of(resource.Name);
        return resource switch
        {
            PostgresServerResource postgres => Start(stop => PostgresServer.StartAsync(new()
            {
                DataDirectory = directory, Port = allocation.PortOf(postgres, "tcp"), Log = log.Write, Guardian = guardian,
                UserName = ConnectionStrings.User(postgres, allocation), Password = allocation.ValueOf(postgres.PasswordParameter),
            }, stop)),
            RedisResource redis => Start(stop => RedisServer.StartAsync(new()
            {
                DataDirectory = directory, Port = allocation.PortOf(redis, "tcp"), Log = log.Write, Guardian = guardian,
                Password = allocation.ValueOf(redis.PasswordParameter),
            }, stop)),
            RabbitMQServerResource broker => Start(stop => RabbitMqServer.StartAsync(new()
            {
                DataDirectory = directory, Port = allocation.PortOf(broker, "tcp"), Log = log.Write, Guardian = guardian,
                UserName = ConnectionStrings.User(broker, allocation), Password = allocation.ValueOf(broker.PasswordParameter),
                ManagementPort = broker.Last<ManagementPluginAnnotation>() is null ? null : allocation.PortOf(broker, "management"),
            }, stop)),
            _ => Start(stop => InfluxServer.StartAsync(new()
            {
                DataDirectory = directory, Port = allocation.PortOf(resource, "http"), Log = log.Write, Guardian = guardian,
                UserName = Variable(resource, "INFLUXDB_ADMIN_USER", allocation), Password = Variable(resource, "INFLUXDB_ADMIN_PASSWORD", allocation),
            }, stop)),
        };
    }

    /// <summary>Looks at a server, or at what is given from outside, with its own connection string.</summary>
    public static Func<CancellationToken, Task<string?>>? Check(PlannedInstance instance, Allocation allocation) => instance.Resource switch
    {
        PostgresServerResource server => stop => ServerProbes.PostgresAsync(ConnectionStrings.Of(server, allocation) + (instance.Kind == StartKind.External ? "" : ";Database=postgres"), stop),
        PostgresDatabaseResource database => stop => ServerProbes.PostgresAsync(ConnectionStrings.Of(database, allocation), stop),
        RedisResource redis => stop => ServerProbes.RedisAsync(ConnectionStrings.Of(redis, allocation), stop),
        RabbitMQServerResource broker => stop => ServerProbes.RabbitMqAsync(ConnectionStrings.Of(broker, allocation), stop),
        _ => ProjectStart.Check(instance, allocation),
    };

    private static Func<CancellationToken, Task<RunningProcess>> Start<T>(Func<CancellationToken, Task<T>> start) where T : LocalServer =>
        async stop => RunningProcess.Of(await start(stop));

    private static string Variable(IResource resource, string name, Allocation allocation)
    {
        var variable = resource.All<EnvironmentAnnotation>().LastOrDefault(variable => string.Equals(variable.Name, name, StringComparison.Ordinal));
        return (variable?.Parameter is { } parameter ? allocation.ValueOf(parameter) : variable?.Value)
            ?? throw new AppHostException($"The container '{resource.Name}' needs the variable {name}: the local server never runs without a password.");
    }
}
