using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PackRelay.ServiceDefaults.Memory;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Memory;

public sealed class TrimAfterStartTests
{
    [Fact]
    public async Task Start_AndTheDelay_GivesBackWhatIsUsedNoMore()
    {
        var clock = new SteppedClock();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<TimeProvider>(clock).AddHostedService<TrimAfterStart>();
        using var host = builder.Build();
        await host.StartAsync();
        var leftover = OldObject();

        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TrimAfterStart.Delay);
                return !leftover.IsAlive;
            },
            "an old object that nobody uses is collected");
        await host.StopAsync();
    }

    /// <summary>Old enough that only a collection of everything finds it.</summary>
    private static WeakReference OldObject()
    {
        var leftover = new object();
        GC.Collect();
        GC.Collect();
        Assert.Equal(GC.MaxGeneration, GC.GetGeneration(leftover));
        return new WeakReference(leftover);
    }
}
