using Microsoft.Extensions.Configuration;
using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.Tests.Variables;

public sealed class ProjectVariablesTests
{
    private readonly Application application = new();
    private readonly IResourceBuilder<ProjectResource> project;

    public ProjectVariablesTests() => project = application.Builder.AddProject<SampleProject>("sample");

    [Fact]
    public void Reference_PostgresServer_InjectsStringAndProperties()
    {
        project.WithReference(application.Builder.AddPostgres("postgres"));

        AssertInjected(new()
        {
            ["ConnectionStrings__postgres"] = "Host=localhost;Port=1001;Username=postgres;Password=p",
            ["POSTGRES_HOST"] = "localhost",
            ["POSTGRES_PORT"] = "1001",
            ["POSTGRES_USERNAME"] = "postgres",
            ["POSTGRES_PASSWORD"] = "p",
            ["POSTGRES_URI"] = "postgresql://postgres:p@localhost:1001",
            ["POSTGRES_JDBCCONNECTIONSTRING"] = "jdbc:postgresql://localhost:1001",
        });
    }

    [Fact]
    public void Reference_Database_AddsDatabaseToAllParts()
    {
        project.WithReference(application.Builder.AddPostgres("postgres").AddDatabase("catalogdb", "catalog"));

        AssertInjected(new()
        {
            ["ConnectionStrings__catalogdb"] = "Host=localhost;Port=1001;Username=postgres;Password=p;Database=catalog",
            ["CATALOGDB_HOST"] = "localhost",
            ["CATALOGDB_PORT"] = "1001",
            ["CATALOGDB_USERNAME"] = "postgres",
            ["CATALOGDB_PASSWORD"] = "p",
            ["CATALOGDB_URI"] = "postgresql://postgres:p@localhost:1001/catalog",
            ["CATALOGDB_JDBCCONNECTIONSTRING"] = "jdbc:postgresql://localhost:1001/catalog",
            ["CATALOGDB_DATABASENAME"] = "catalog",
        });
    }

    [Fact]
    public void Reference_Redis_InjectsStringAndProperties()
    {
        project.WithReference(application.Builder.AddRedis("cache"));

        AssertInjected(new()
        {
            ["ConnectionStrings__cache"] = "localhost:1001,password=p",
            ["CACHE_HOST"] = "localhost",
            ["CACHE_PORT"] = "1001",
            ["CACHE_PASSWORD"] = "p",
            ["CACHE_URI"] = "redis://:p@localhost:1001",
        });
    }

    [Fact]
    public void Reference_RabbitMQWithUserParameter_EscapesUserAndPassword()
    {
        var user = application.Builder.AddParameter("broker-user");
        var password = application.Builder.AddParameter("broker-pass", secret: true);
        project.WithReference(application.Builder.AddRabbitMQ("messaging", user, password));
        var allocation = application.Allocate();
        allocation.Parameters["broker-user"] = "a b";
        allocation.Parameters["broker-pass"] = "p/@:";

        AssertInjected(new()
        {
            ["ConnectionStrings__messaging"] = "amqp://a%20b:p%2F%40%3A@localhost:1001",
            ["MESSAGING_HOST"] = "localhost",
            ["MESSAGING_PORT"] = "1001",
            ["MESSAGING_USERNAME"] = "a b",
            ["MESSAGING_PASSWORD"] = "p/@:",
            ["MESSAGING_URI"] = "amqp://a%20b:p%2F%40%3A@localhost:1001",
        }, allocation);
    }

    [Fact]
    public void Reference_WithConnectionName_ReplacesTheNameEverywhere()
    {
        project.WithReference(application.Builder.AddRedis("cache"), connectionName: "my.store");

        var variables = Injected();

        Assert.Equal("localhost:1001,password=p", variables["ConnectionStrings__my.store"]);
        Assert.Equal("1001", variables["MY_STORE_PORT"]);
        Assert.DoesNotContain(variables.Keys, name => name.Contains("cache", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Reference_ExternalConnectionString_InjectsItAsGivenAndNothingElse()
    {
        project.WithReference(application.Builder.AddPostgres("postgres").AddDatabase("catalogdb"));

        AssertInjected(new() { ["ConnectionStrings__catalogdb"] = "Host=db.example" }, application.Allocate(("catalogdb", "Host=db.example")));
    }

    [Fact]
    public void Reference_DatabaseOfExternalServer_AppendsTheDatabase()
    {
        project.WithReference(application.Builder.AddPostgres("postgres").AddDatabase("catalogdb"));

        AssertInjected(new() { ["ConnectionStrings__catalogdb"] = "Host=db.example;Database=catalogdb" }, application.Allocate(("postgres", "Host=db.example")));
    }

    [Fact]
    public void Reference_ProjectWithReplicas_ListsEveryReplicaAndNamesTheFirst()
    {
        var telemetry = application.Builder.AddProject<SampleProject>("tele-metry").WithHttpEndpoint().WithReplicas(3);
        project.WithReference(telemetry);

        AssertInjected(new()
        {
            ["services__tele-metry__http__0"] = "http://localhost:1001",
            ["services__tele-metry__http__1"] = "http://localhost:1002",
            ["services__tele-metry__http__2"] = "http://localhost:1003",
            ["TELE_METRY_HTTP"] = "http://localhost:1001",
        });
    }

    [Fact]
    public void Reference_OneEndpoint_LeavesTheOthersOut()
    {
        var influx = application.Builder.AddContainer("influxdb", "library/influxdb", "1.8").WithHttpEndpoint(targetPort: 8086, name: "http").WithHttpEndpoint(name: "backup");
        project.WithReference(influx.GetEndpoint("http"));

        AssertInjected(new() { ["services__influxdb__http__0"] = "http://localhost:1001", ["INFLUXDB_HTTP"] = "http://localhost:1001" });
    }

    [Fact]
    public void Environment_ValueParameterAndEndpoint_AreInjectedInOrderOfTheCalls()
    {
        var other = application.Builder.AddProject<SampleProject>("other").WithHttpEndpoint();
        var secret = application.Builder.AddParameter("key", secret: true);
        project.WithEnvironment("A", "1").WithEnvironment("B", secret).WithEnvironment("C", other.GetEndpoint("http")).WithEnvironment("A", "2").WithEnvironment("D", (string?)null);

        AssertInjected(new() { ["A"] = "2", ["B"] = "p", ["C"] = "http://localhost:1001", ["D"] = "" });
    }

    [Fact]
    public void Parameter_NotReferredTo_IsNotInjected()
    {
        application.Builder.AddParameter("key", secret: true);

        Assert.DoesNotContain("p", Injected().Values);
    }

    [Fact]
    public void Defaults_EachReplica_ListensOnItsOwnPort()
    {
        project.WithHttpEndpoint(env: "PORT").WithReplicas(2);

        Assert.Equal("http://localhost:1001", application.VariablesOf(project, replica: 0)["ASPNETCORE_URLS"]);
        var second = application.VariablesOf(project, replica: 1);
        Assert.Equal("http://localhost:1002", second["ASPNETCORE_URLS"]);
        Assert.Equal("1002", second["PORT"]);
    }

    [Fact]
    public void Defaults_LaunchProfile_InjectsNameAndVariables()
    {
        project.Resource.Annotations.Add(new LaunchProfileAnnotation(new("http", [], new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = "Development" })));

        var variables = application.VariablesOf(project);

        Assert.Equal("http", variables["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("Development", variables["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("simple", variables["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.Equal("true", variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"]);
    }

    [Fact]
    public void Inherited_SettingsReachEveryService_ButSecretsAndTheAppHostsOwnDoNot()
    {
        var variables = application.VariablesOf(project, inherited: new(StringComparer.Ordinal)
        {
            ["RateLimits__Token__PermitPerMinute"] = "6000",
            ["PATH"] = "/bin",
            ["ConnectionStrings__catalogdb"] = "Host=db.example",
            ["parameters__admin-password"] = "secret",
            ["services__influxdb__http__0"] = "http://user:secret@influx",
            ["LocalHosting__DataDirectory"] = "/data",
            ["ASPNETCORE_URLS"] = "http://*:80",
        });

        Assert.Equal("6000", variables["RateLimits__Token__PermitPerMinute"]);
        Assert.Equal("/bin", variables["PATH"]);
        Assert.DoesNotContain(variables, pair => pair.Value.Contains("secret", StringComparison.Ordinal) || pair.Key.StartsWith("ConnectionStrings", StringComparison.Ordinal));
        Assert.DoesNotContain("LocalHosting__DataDirectory", variables.Keys);
        Assert.DoesNotContain("ASPNETCORE_URLS", variables.Keys);
    }

    [Fact]
    public void Otlp_WithoutSettings_GoesToTheDashboardsDefault()
    {
        AssertPairs(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:18889",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_SERVICE_NAME"] = "catalog",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=abcdefgh",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
        }, Otlp(isDevelopment: false));
    }

    [Fact]
    public void Otlp_InDevelopment_ExportsAtOnceAndEverything()
    {
        var variables = Otlp(isDevelopment: true, ("AppHost:OtlpApiKey", "k"));

        Assert.Equal("x-otlp-api-key=k", variables["OTEL_EXPORTER_OTLP_HEADERS"]);
        foreach (var name in (string[])["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"])
            Assert.Equal("1000", variables[name]);
        Assert.Equal("always_on", variables["OTEL_TRACES_SAMPLER"]);
        Assert.Equal("trace_based", variables["OTEL_METRICS_EXEMPLAR_FILTER"]);
    }

    [Fact]
    public void Otlp_GrpcAndHttpGiven_GrpcWins()
    {
        var http = Otlp(isDevelopment: false, ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://h"));
        Assert.Equal(("http://h", "http/protobuf"), (http["OTEL_EXPORTER_OTLP_ENDPOINT"], http["OTEL_EXPORTER_OTLP_PROTOCOL"]));

        var both = Otlp(isDevelopment: false, ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://h"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://g"));
        Assert.Equal(("http://g", "grpc"), (both["OTEL_EXPORTER_OTLP_ENDPOINT"], both["OTEL_EXPORTER_OTLP_PROTOCOL"]));
    }

    [Theory]
    [InlineData("my-db", "my_db")]
    [InlineData("1db", "_1db")]
    [InlineData("a.b c", "a_b_c")]
    [InlineData("grün", "gr_n")]
    public void VariableName_Encode_KeepsLettersAndDigitsOnly(string name, string expected) => Assert.Equal(expected, VariableName.Encode(name));

    private static Dictionary<string, string> Otlp(bool isDevelopment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in settings)
            configuration[key] = value;
        return OtlpExport.From(configuration, isDevelopment).Variables("catalog", "abcdefgh").ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
    }

    private Dictionary<string, string> Injected(Allocation? allocation = null) =>
        application.VariablesOf(project, allocation: allocation)
            .Where(pair => !pair.Key.StartsWith("OTEL_", StringComparison.Ordinal) && !pair.Key.StartsWith("DOTNET_", StringComparison.Ordinal) && !pair.Key.StartsWith("LOGGING_", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);

    private void AssertInjected(Dictionary<string, string> expected, Allocation? allocation = null) => AssertPairs(expected, Injected(allocation));

    private static void AssertPairs(Dictionary<string, string> expected, Dictionary<string, string> actual) =>
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), actual.OrderBy(pair => pair.Key, StringComparer.Ordinal));
}
