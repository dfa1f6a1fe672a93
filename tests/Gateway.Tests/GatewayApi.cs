using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Testing.Services;

namespace PackRelay.Gateway.Tests;

/// <summary>The gateway as it runs, with a recording backend in the place of each service.</summary>
public class GatewayApi() : ServiceFixture<Program>(new ServiceNeeds { Redis = true, Messaging = true })
{
    private static readonly string[] ServiceNames = ["identity", "catalog", "telemetry", "webhook"];

    private readonly Dictionary<string, Backend> backends = new(StringComparer.Ordinal);

    private int lastAddress;

    public IdentityBackend Identity { get; private set; } = null!;

    public Backend Catalog => backends["catalog"];

    public Backend Telemetry => backends["telemetry"];

    public Uri Url => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public Backend BackendOf(string service) => backends[service];

    public override async Task InitializeAsync()
    {
        foreach (var service in ServiceNames) backends[service] = await Backend.StartAsync(service);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var backend in backends.Values) await backend.DisposeAsync();
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, string? token = null, string? session = null, string? origin = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (session is not null) request.Headers.TryAddWithoutValidation("Cookie", $"theme=dark; packrelay_session={session}");
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var client = CreateClient();
        client.Timeout = TimeSpan.FromSeconds(30);
        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null, string? session = null) => SendAsync(Request(HttpMethod.Get, path, token, session));

    /// <summary>An address that no other test of the class comes from; only believed where the test is a trusted proxy.</summary>
    public string NewAddress() => $"198.51.100.{Interlocked.Increment(ref lastAddress)}";

    public static string NewName() => Guid.NewGuid().ToString("N");

    /// <summary>The answer's status and code, after checking that it is a native error.</summary>
    public static async Task<(HttpStatusCode Status, string? Code)> ErrorOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotEmpty(body.RootElement.GetProperty("error").GetString()!);
        return (answer.StatusCode, body.RootElement.GetProperty("code").GetString());
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        Identity = IdentityBackend.Start(backends["identity"], settings["Callers:SigningKey"]!);
        settings["Gateway:Url"] = "http://127.0.0.1:0";
        foreach (var (service, backend) in backends) settings[$"services:{service}:http:0"] = backend.Url;
    }
}

/// <summary>The same, taking the test for a proxy in front of it: each test can come from addresses of its own.</summary>
public class GatewayBehindProxy : GatewayApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Gateway:TrustedProxies"] = "127.0.0.1, 203.0.113.0/24";
    }
}
