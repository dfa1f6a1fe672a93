namespace PackRelay.LocalHosting.Tests.Running;

public sealed class StartPlanTests
{
    private readonly Application application = new();

    [Fact]
    public void WaitsFor_Database_IncludesItsServer()
    {
        var database = application.Builder.AddPostgres("postgres").AddDatabase("catalogdb");
        application.Builder.AddProject<SampleProject>("catalog").WaitFor(database);

        var plan = application.Plan();

        Assert.Equal(["catalogdb", "postgres"], Names(plan.WaitsFor(plan.Instances.Single(instance => instance.Name == "catalog"))));
        Assert.Equal(["postgres"], Names(plan.WaitsFor(plan.Instances.Single(instance => instance.Name == "catalogdb"))));
    }

    [Fact]
    public void WaitsFor_ProjectWithReplicas_MeansAllOfThem()
    {
        var telemetry = application.Builder.AddProject<SampleProject>("telemetry").WithReplicas(2);
        application.Builder.AddProject<SampleProject>("gateway").WaitFor(telemetry);

        var plan = application.Plan();

        Assert.Equal(["telemetry-1", "telemetry-2"], Names(plan.WaitsFor(plan.Instances.Single(instance => instance.Name == "gateway"))));
    }

    [Fact]
    public void StopsAfter_Server_IsEverythingThatUsesIt()
    {
        var cache = application.Builder.AddRedis("cache");
        application.Builder.AddProject<SampleProject>("waits").WaitFor(cache);
        application.Builder.AddProject<SampleProject>("refers").WithReference(cache);
        application.Builder.AddProject<SampleProject>("neither");

        var plan = application.Plan();

        Assert.Equal(["refers", "waits"], Names(plan.StopsAfter(plan.Instances.Single(instance => instance.Name == "cache"))));
    }

    [Fact]
    public void From_AllDatabasesExternal_StartsNoServer()
    {
        var postgres = application.Builder.AddPostgres("postgres");
        postgres.AddDatabase("a");
        postgres.AddDatabase("b");

        Assert.Equal(["a", "b", "postgres"], Names(application.Plan(("a", "Host=x")).Instances));
        var plan = application.Plan(("a", "Host=x"), ("b", "Host=x"));
        Assert.Equal(["a", "b"], Names(plan.Instances));
        Assert.Empty(plan.Packages);
    }

    [Fact]
    public void Packages_OfServersToStart_AreNamedOnce()
    {
        application.Builder.AddRedis("one");
        application.Builder.AddRedis("two");
        application.Builder.AddRabbitMQ("messaging");
        application.Builder.AddPostgres("postgres");

        Assert.Equal(["redis-server", "rabbitmq-server", "postgresql"], application.Plan().Packages);
        Assert.DoesNotContain("rabbitmq-server", application.Plan(("messaging", "amqp://x")).Packages);
    }

    [Fact]
    public void From_Circle_IsRefusedWithItsNames()
    {
        var first = application.Builder.AddProject<SampleProject>("first");
        var second = application.Builder.AddProject<SampleProject>("second").WaitFor(first);
        first.WaitFor(second);

        var error = Assert.Throws<AppHostException>(() => application.Plan());

        Assert.Contains("first -> second -> first", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Names(IEnumerable<PackRelay.LocalHosting.Running.PlannedInstance> instances) =>
        [.. instances.Select(instance => instance.Name).Order(StringComparer.Ordinal)];
}
