using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.ServiceDefaults.Tests.Plans;

public sealed class PlanOptionsTests
{
    [Fact]
    public void Of_WithoutConfiguration_GivesTheDefaultsOfTheCallersPlan()
    {
        var plans = Read([]);

        var (free, pro) = (plans.Of(new Caller { Plan = "free" }), plans.Of(new Caller { Plan = "pro" }));

        Assert.Equal((10, 50, 20), (free.Packs, free.Servers, free.Webhooks));
        Assert.Equal((1_000, 100_000, 200), (pro.Packs, pro.Servers, pro.Webhooks));
    }

    [Fact]
    public void Of_WithOneLimitConfigured_KeepsTheOthers()
    {
        var free = Read(new() { ["Plans:Free:Webhooks"] = "3" }).Free;

        Assert.Equal((10, 50, 3), (free.Packs, free.Servers, free.Webhooks));
    }

    [Theory]
    [InlineData("Plans:Free:Packs")]
    [InlineData("Plans:Pro:Servers")]
    [InlineData("Plans:Free:Webhooks")]
    public void Read_NegativeLimit_IsRefused(string key) =>
        Assert.Throws<OptionsValidationException>(() => Read(new() { [key] = "-1" }));

    private static PlanOptions Read(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddPlans();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<PlanOptions>>().Value;
    }
}
