using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Gateway.Forwarding;
using PackRelay.ServiceDefaults.Discovery;
using Yarp.ReverseProxy.Configuration;

namespace PackRelay.Gateway.Tests.Forwarding;

public sealed class RouteConfigurationTests
{
    [Theory]
    [InlineData("SignIn", true)]
    [InlineData("AnonymousOnly", true)]
    [InlineData("signin", false)]
    [InlineData("None", false)]
    public void Problem_OfARoute_NamesAnUnknownLimit(string limit, bool expected)
    {
        var route = new RouteConfig { RouteId = "a", Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["RateLimit"] = limit } };
        Assert.Equal(expected, RouteLimit.Problem(route) is null);
    }

    [Fact]
    public async Task Resolve_AServicesName_GivesOneDestinationPerReplica()
    {
        var resolver = Resolver(("services:catalog:http:0", "http://127.0.0.1:5001"), ("services:catalog:http:1", "http://127.0.0.1:5002"));
        var resolved = await resolver.ResolveDestinationsAsync(Destination("http://catalog"), CancellationToken.None);
        Assert.Equal(["http://127.0.0.1:5001/", "http://127.0.0.1:5002/"], resolved.Destinations.Values.Select(destination => destination.Address));
    }

    [Fact]
    public async Task Resolve_AnAddress_LeavesItAsItIs()
    {
        var resolved = await Resolver().ResolveDestinationsAsync(Destination("http://10.1.2.3:5000"), CancellationToken.None);
        Assert.Equal("http://10.1.2.3:5000", Assert.Single(resolved.Destinations).Value.Address);
    }

    [Fact]
    public async Task Resolve_AServiceThatIsNotConfigured_SaysWhatToSet()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Resolver().ResolveDestinationsAsync(Destination("http://catalog"), CancellationToken.None));
        Assert.Contains("services__catalog__http__0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_AsShipped_HaveNoneBelowInternal()
    {
        var shipped = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();
        using var services = new ServiceCollection().AddLogging().AddReverseProxy().LoadFromConfig(shipped.GetSection("ReverseProxy")).Services.BuildServiceProvider();
        var routes = services.GetRequiredService<IProxyConfigProvider>().GetConfig().Routes;
        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Matches(
            "^(/api/v1/|/api/packs/draft-seed(/|$)|/cdn/bundles/"
            + "|/api$|/api/(modpack|mod|verify|token|client|minecraft)/|/mirror/" // Solder
            + "|/api/(compatibility|packages|games|steamgriddb)/|/static/reloaded/" // Reloaded-III
            + @"|/api/{endpoint:regex\(\^\((current|get_download_url|auth)\|)", // Railcraft Pack
            route.Match.Path));
    }

    private static Dictionary<string, DestinationConfig> Destination(string address) => new(StringComparer.Ordinal) { ["service"] = new() { Address = address } };

    private static ServiceDestinations Resolver(params (string Key, string Value)[] settings) =>
        new(new ServiceEndpoints(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build()));
}
