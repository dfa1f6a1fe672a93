using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.ServiceDefaults.Tests;

/// <summary>A service with nothing but the defaults and the routes of one test.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestApp(WebApplication app) => this.app = app;

    public static async Task<TestApp> StartAsync(Action<WebApplication> map, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Callers:SigningKey"] = "0123456789abcdef0123456789abcdef" });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults();
        var built = builder.Build();
        built.UseServiceDefaults();
        built.MapDefaultEndpoints();
        map(built);
        await built.StartAsync();
        return new TestApp(built);
    }

    public IServiceProvider Services => app.Services;

    /// <summary>A client whose requests carry this caller, as the gateway would send them.</summary>
    public HttpClient ClientOf(Caller? caller = null)
    {
        var client = app.GetTestClient();
        if (caller is not null) client.DefaultRequestHeaders.Add(CallerToken.HeaderName, app.Services.GetRequiredService<CallerToken>().Write(caller));
        return client;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
