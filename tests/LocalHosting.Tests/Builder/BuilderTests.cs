namespace PackRelay.LocalHosting.Tests.Builder;

public sealed class BuilderTests
{
    private readonly IDistributedApplicationBuilder builder = new Application().Builder;

    [Theory]
    [InlineData("")]
    [InlineData("1cache")]
    [InlineData("-cache")]
    [InlineData("cache-")]
    [InlineData("my--cache")]
    [InlineData("my_cache")]
    [InlineData("caché")]
    public void AddRedis_InvalidName_IsRefused(string name) => Assert.Throws<ArgumentException>(() => builder.AddRedis(name));

    [Fact]
    public void AddRedis_NameOf64Characters_IsTheLongest()
    {
        var given = builder.AddParameter("given", secret: true);
        builder.AddRedis(new string('a', 64), password: given);
        Assert.Throws<ArgumentException>(() => builder.AddRedis(new string('b', 65), password: given));
    }

    [Fact]
    public void AddResource_NameTwice_IsRefusedWhateverTheCase()
    {
        builder.AddRedis("cache");
        Assert.Throws<ArgumentException>(() => builder.AddRabbitMQ("Cache"));
    }

    [Fact]
    public void AddContainer_UnknownImage_IsRefusedByName()
    {
        var error = Assert.Throws<NotSupportedException>(() => builder.AddContainer("search", "library/elasticsearch", "9"));
        Assert.Contains("library/elasticsearch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddContainer_OtherMajorVersion_IsRefused() => Assert.Throws<NotSupportedException>(() => builder.AddContainer("influxdb", "influxdb", "2.7"));

    [Fact]
    public void WithHttpHealthCheck_WithoutEndpoint_SaysWhatIsMissing()
    {
        var error = Assert.Throws<InvalidOperationException>(() => builder.AddProject<SampleProject>("sample").WithHttpHealthCheck("/health"));
        Assert.Contains("applicationUrl", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithHttpEndpoint_SameNameTwice_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => builder.AddProject<SampleProject>("sample").WithHttpEndpoint().WithHttpEndpoint(port: 8080));

    [Fact]
    public void LaunchProfile_PreferredNameMissing_TakesTheFirstThatStartsTheProject()
    {
        const string Json = """
            { "profiles": {
                "docker": { "commandName": "Docker" },
                "plain": { "commandName": "Project", "applicationUrl": "http://localhost:5101;https://localhost:5102", "environmentVariables": { "A": "1" } },
                "other": { "commandName": "Project" } } }
            """;

        var chosen = LaunchProfile.Parse(Json, "missing")!;

        Assert.Equal("plain", chosen.Name);
        Assert.Equal([new Uri("http://localhost:5101"), new Uri("https://localhost:5102")], chosen.ApplicationUrls);
        Assert.Equal("1", chosen.EnvironmentVariables["A"]);
        Assert.Equal("other", LaunchProfile.Parse(Json, "other")!.Name);
    }
}
