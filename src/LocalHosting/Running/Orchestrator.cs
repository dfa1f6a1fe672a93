using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;
using PackRelay.LocalHosting.StatusPage;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Running;

/// <summary>Starts the whole application in order and stops it in the opposite order.</summary>
internal sealed class Orchestrator(IResourceCollection resources, IConfiguration configuration, IHostEnvironment environment, TimeProvider clock) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan GraceInAHurry = TimeSpan.FromSeconds(2);
    private readonly Dictionary<PlannedInstance, (Task Run, CancellationTokenSource Stop)> running = [];
    private readonly Dictionary<string, ConsoleLog> logs = new(StringComparer.Ordinal);
    private readonly ResourceBoard board = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Interrupts interrupts = new();
    private DataDirectory? data;
    private Guardian? guardian;
    private StatusPageServer? statusPage;
    private StartPlan? plan;
    private Task announcement = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = LocalHostingSettings.From(configuration);
        data = DataDirectory.Open(settings.DataDirectory);
        await data.WaitForPreviousRunAsync(Say, cancellationToken);
        var allocation = new Allocator(configuration, new SecretStore(data.Of("secrets"))).Allocate(resources);
        plan = StartPlan.From([.. resources], allocation);
        RefuseMissingPackages(plan);
        RefuseTakenPorts(allocation, settings);

        guardian = Guardian.Start();
        var context = new StartContext(data, allocation, OtlpExport.From(configuration, environment.IsDevelopment()), guardian);
        foreach (var instance in plan.Instances)
        {
            logs[instance.Name] = new ConsoleLog(data.Of("logs", instance.Name + ".log"), clock);
            board.Add(new(instance.Name, KindName(instance), ResourceState.NotStarted)
            {
                Endpoints = EndpointsOf(instance, allocation),
                IsEntrance = instance.Resource.Last<ExternalEndpointsAnnotation>() is not null,
            });
        }

        statusPage = await StatusPageServer.StartAsync(settings.StatusPagePort, board, logs, new RevealedSecrets([.. resources], allocation), clock, cancellationToken);
        data.NoteRun(guardian.ProcessId, statusPage.Url);
        Say($"status page: {statusPage.Url}, data and logs: {data.Path}");
        foreach (var instance in plan.Instances)
        {
            var stop = new CancellationTokenSource();
            running[instance] = (RunAsync(instance, context, stop.Token), stop);
        }

        announcement = AnnounceAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (stopping.IsCancellationRequested)
            return;
        if (running.Count > 0)
            Say("stopping ...");
        await stopping.CancelAsync();
        await announcement;
        var stops = new Dictionary<PlannedInstance, Task>();
        await HurryAsync(Task.WhenAll(running.Keys.Select(StopInOrder)));
        if (statusPage is not null)
            await statusPage.DisposeAsync();
        if (guardian is not null)
            await guardian.DisposeAsync();
        if (running.Count > 0)
            Say("everything is stopped");

        Task StopInOrder(PlannedInstance instance)
        {
            if (!stops.TryGetValue(instance, out var task))
                stops[instance] = task = StopAfterAsync([.. plan!.StopsAfter(instance).Where(running.ContainsKey).Select(StopInOrder)], instance);
            return task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        foreach (var (_, stop) in running.Values)
            stop.Dispose();
        foreach (var log in logs.Values)
            log.Dispose();
        stopping.Dispose();
        interrupts.Dispose();
        data?.Dispose();
    }

    // Waits for the stop in order. At the second Ctrl-C the order no longer counts, and what does not end within a moment is killed.
    private async Task HurryAsync(Task stopped)
    {
        if (await Task.WhenAny(stopped, interrupts.Second) == stopped)
        {
            await stopped;
            return;
        }

        Say("stopping at once ...");
        foreach (var (_, stop) in running.Values)
            await stop.CancelAsync();
        if (await Task.WhenAny(stopped, Task.Delay(GraceInAHurry, clock)) != stopped)
        {
            var leaders = board.All.Select(status => status.ProcessId is { } id ? ProcessTable.Find(id) : null).OfType<ProcessTable.Entry>();
            foreach (var member in leaders.SelectMany(ProcessTable.Family))
                Signals.Kill(member);
        }

        await stopped;
    }

    private async Task StopAfterAsync(Task[] dependents, PlannedInstance instance)
    {
        await Task.WhenAll(dependents);
        var (run, stop) = running[instance];
        await stop.CancelAsync();
        await run;
    }

    private async Task RunAsync(PlannedInstance instance, StartContext context, CancellationToken stop)
    {
        await Task.Yield(); // a start may block for a moment; the others need not wait for it
        var log = logs[instance.Name];
        var dependencies = plan!.WaitsFor(instance);
        try
        {
            if (dependencies.Count > 0)
                board.Update(instance.Name, status => status with { State = ResourceState.Waiting });
            foreach (var dependency in dependencies)
                await board.WaitUntilAsync(dependency.Name, status => status.IsReady, stop);
        }
        catch (OperationCanceledException)
        {
            board.Update(instance.Name, status => status with { State = ResourceState.Exited });
            return;
        }

        switch (instance.Kind)
        {
            case StartKind.Database:
                var database = (PostgresDatabaseResource)instance.Resource;
                await new DatabaseRunner(database, ConnectionStrings.Of(database.Parent, context.Allocation), board, log, clock).RunAsync(stop);
                break;
            case StartKind.External:
                board.Update(instance.Name, status => status with { State = ResourceState.Running });
                await HealthLoop.RunAsync(instance.Name, ServerStart.Check(instance, context.Allocation), board, clock, () => Say($"{instance.Name} (external) answers"), stop);
                break;
            case StartKind.Project:
                await new Supervisor(instance.Name, ProjectStart.Of(instance, context, log), ProjectStart.Check(instance, context.Allocation), board, log, Say, clock).RunAsync(stop);
                break;
            default:
                await new Supervisor(instance.Name, ServerStart.Of(instance, context, log), ServerStart.Check(instance, context.Allocation), board, log, Say, clock).RunAsync(stop);
                break;
        }
    }

    private async Task AnnounceAsync()
    {
        try
        {
            foreach (var instance in plan!.Instances)
                await board.WaitUntilAsync(instance.Name, status => status.IsReady, stopping.Token);
            var addresses = plan.Instances.Where(instance => instance.Resource.Last<ExternalEndpointsAnnotation>() is not null).SelectMany(instance => board.Of(instance.Name).Endpoints);
            Say($"PackRelay is ready: {string.Join(", ", addresses)}, status page {statusPage!.Url}");
        }
        catch (OperationCanceledException)
        {
            // Stopped before everything was up.
        }
    }

    private static void RefuseMissingPackages(StartPlan plan)
    {
        if (DebianPackages.Missing(plan.Packages) is { Count: > 0 } missing)
            throw new AppHostException($"These Debian packages are missing: {string.Join(", ", missing)}.{Environment.NewLine}Install them with: {DebianPackages.InstallCommand(missing)}", AppHostException.PackagesMissing);
    }

    private void RefuseTakenPorts(Allocation allocation, LocalHostingSettings settings)
    {
        var wanted = plan!.Instances.Where(instance => instance.Kind != StartKind.External)
            .SelectMany(instance => instance.Resource.All<EndpointAnnotation>().Where(endpoint => endpoint.Port is > 0).Select(endpoint => (instance.Name, Port: allocation.PortOf(instance.Resource, endpoint.Name))))
            .Append((Name: $"the status page ({LocalHostingSettings.StatusPagePortKey})", Port: settings.StatusPagePort));
        foreach (var (name, port) in wanted)
        {
            if (port > 0 && !FreePorts.IsFree(port))
                throw new AppHostException($"Port {port}, wanted for {name}, is in use by another program. Stop that program or configure another port.");
        }
    }

    private static string KindName(PlannedInstance instance) => instance.Kind switch
    {
        StartKind.External => "external",
        StartKind.Project => "project",
        StartKind.Database => "database",
        _ => instance.Resource switch
        {
            PostgresServerResource => "postgres",
            RedisResource => "redis",
            RabbitMQServerResource => "rabbitmq",
            _ => "influxdb",
        },
    };

    // An address given from outside may carry a password, so it is not shown.
    private static string[] EndpointsOf(PlannedInstance instance, Allocation allocation) => instance.Kind == StartKind.External
        ? []
        : [.. instance.Resource.All<EndpointAnnotation>().Select(endpoint => allocation.AddressesOf(instance.Resource, endpoint.Name)[instance.Replica].GetLeftPart(UriPartial.Authority))];

    private static void Say(string text) => Console.Out.WriteLine(text);
}
