namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>Tests that kill a part of the hub: each leaves it whole to the next one.</summary>
[Collection(HubGroup.Name)]
public abstract class FaultTests(Hub hub) : IAsyncLifetime
{
    protected Hub Hub => hub;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => hub.WholeAsync();
}
