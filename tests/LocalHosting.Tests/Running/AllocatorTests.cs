using Microsoft.Extensions.Configuration;
using PackRelay.LocalHosting.Running;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Tests.Running;

public sealed class AllocatorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConfigurationManager configuration = new();
    private readonly IDistributedApplicationBuilder builder = new Application().Builder;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Secret_NotConfigured_IsGeneratedOnceForTheOwnerAlone()
    {
        builder.AddParameter("caller-key", secret: true);

        var first = Allocate().Parameters["caller-key"];

        Assert.Matches("^[0-9A-Za-z]{32}$", first);
        Assert.Equal(first, Allocate().Parameters["caller-key"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["secrets/caller-key"]));
    }

    [Theory]
    [InlineData("Parameters:admin-password")]
    [InlineData("Parameters:admin_password")]
    public void Secret_Configured_IsTakenAndNotStored(string key)
    {
        builder.AddParameter("admin-password", secret: true);
        configuration[key] = "given";

        Assert.Equal("given", Allocate().Parameters["admin-password"]);
        Assert.False(File.Exists(folder["secrets/admin-password"]));
    }

    [Fact]
    public void Parameter_PlainAndNotConfigured_IsRefusedByName()
    {
        builder.AddParameter("region");
        Assert.Contains("Parameters__region", Assert.Throws<AppHostException>(Allocate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99_999)]
    public void Endpoint_WithAPortThatIsNone_IsRefusedByName(int port)
    {
        builder.AddProject<SampleProject>("gateway").WithHttpEndpoint(port: port);
        Assert.Contains("The port of 'gateway'", Assert.Throws<AppHostException>(Allocate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_None_AreRefusedByName() =>
        Assert.Contains("'telemetry'", Assert.Throws<AppHostException>(() => builder.AddProject<SampleProject>("telemetry").WithReplicas(0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Endpoints_Replicas_GetDifferentPorts()
    {
        builder.AddProject<SampleProject>("telemetry").WithHttpEndpoint().WithReplicas(3);
        Assert.Equal(3, Allocate().Endpoints["telemetry"]["http"].Select(url => url.Port).Distinct().Count());
    }

    [Fact]
    public void Endpoints_FixedPortWithReplicas_IsRefused()
    {
        builder.AddProject<SampleProject>("telemetry").WithHttpEndpoint(port: 8080).WithReplicas(2);
        Assert.Throws<AppHostException>(Allocate);
    }

    [Fact]
    public void Given_ConnectionStringAndInfluxAddress_MakeThemExternal()
    {
        builder.AddRedis("cache");
        builder.AddContainer("influxdb", "influxdb", "1.8").WithHttpEndpoint(name: "http");
        configuration["ConnectionStrings:cache"] = "redis.example:6379";
        configuration["services:influxdb:http:0"] = "https://influx.example:8086";

        var allocation = Allocate();
        var plan = StartPlan.From([.. builder.Resources], allocation);

        Assert.All(plan.Instances, instance => Assert.Equal(StartKind.External, instance.Kind));
        Assert.Empty(plan.Packages);
        Assert.Equal("redis.example:6379", allocation.ExternalConnectionStrings["cache"]);
        Assert.Equal(new Uri("https://influx.example:8086"), allocation.Endpoints["influxdb"]["http"][0]);
    }

    [Fact]
    public void Given_InfluxAddressThatIsNone_IsRefusedByItsKey()
    {
        builder.AddContainer("influxdb", "influxdb", "1.8").WithHttpEndpoint(name: "http");
        configuration["services:influxdb:http:0"] = "influx.example";
        Assert.Contains("services:influxdb:http:0", Assert.Throws<AppHostException>(Allocate).Message, StringComparison.Ordinal);
    }

    private Allocation Allocate() => new Allocator(configuration, new SecretStore(folder["secrets"])).Allocate(builder.Resources);
}
