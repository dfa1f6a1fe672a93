namespace PackRelay.LocalHosting.Running;

/// <summary>Where a resource stands, by Aspire's names.</summary>
internal enum ResourceState
{
    NotStarted,
    Waiting,
    Starting,
    Running,
    Stopping,
    Exited,
    FailedToStart,
}

/// <summary>One line of the status page.</summary>
internal sealed record ResourceStatus(string Name, string Kind, ResourceState State)
{
    /// <summary>Null while nobody has looked.</summary>
    public bool? Healthy { get; init; }

    /// <summary>What the last failed look or start said.</summary>
    public string? Problem { get; init; }

    /// <summary>True for what people open; it stands first on the page.</summary>
    public bool IsEntrance { get; init; }

    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public int? ProcessId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public int Restarts { get; init; }

    public bool IsReady => State == ResourceState.Running && Healthy == true;
}

/// <summary>The current status of everything; whoever is interested waits for the next change.</summary>
internal sealed class ResourceBoard
{
    private readonly Lock gate = new();
    private readonly List<ResourceStatus> statuses = [];
    private TaskCompletionSource changed = NewSignal();

    public IReadOnlyList<ResourceStatus> All
    {
        get
        {
            lock (gate)
                return [.. statuses];
        }
    }

    /// <summary>Completes at the next change. Take it before reading, so that no change is missed.</summary>
    public Task NextChange
    {
        get
        {
            lock (gate)
                return changed.Task;
        }
    }

    public void Add(ResourceStatus status) => Change(() => statuses.Add(status));

    public void Update(string name, Func<ResourceStatus, ResourceStatus> update) => Change(() =>
    {
        var index = statuses.FindIndex(status => string.Equals(status.Name, name, StringComparison.Ordinal));
        statuses[index] = update(statuses[index]);
    });

    public ResourceStatus Of(string name) => All.First(status => string.Equals(status.Name, name, StringComparison.Ordinal));

    public async Task WaitUntilAsync(string name, Func<ResourceStatus, bool> condition, CancellationToken stop)
    {
        while (true)
        {
            var next = NextChange;
            if (condition(Of(name)))
                return;
            await next.WaitAsync(stop);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            change();
            signal = changed;
            changed = NewSignal();
        }

        signal.SetResult();
    }
}
