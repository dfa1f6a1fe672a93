using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Influx;
using PackRelay.TelemetryService.Servers;
using PackRelay.Testing.Http;
using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests;

/// <summary>The service on real servers, with a clock that tests move, and with a stand-in for the catalog's internal route.</summary>
public class TelemetryApi : ServiceFixture<Program>
{
    private WebhookReceiver? catalog;

    public TelemetryApi()
        : base(new() { Contract = true, Database = "telemetrydb", Redis = true, Messaging = true, Influx = true, SteppedClock = true })
    {
    }

    /// <summary>Whether InfluxDB is there from the start.</summary>
    protected virtual bool HasInflux => true;

    /// <summary>Answers for the catalog; 404 unless a test says otherwise.</summary>
    public WebhookReceiver Catalog => catalog!;

    public override async Task InitializeAsync()
    {
        catalog = await WebhookReceiver.StartAsync();
        catalog.Answer(_ => new(HttpStatusCode.NotFound));
        await base.InitializeAsync();
        if (HasInflux) await Services.GetRequiredService<InfluxSchema>().EnsureAsync(CancellationToken.None); // tests query it before the worker may have run
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Catalog.DisposeAsync();
    }

    /// <summary>A server with an owner; known to the service as if its event had arrived.</summary>
    public async Task<TestServer> SeedServerAsync(AttachedPack? pack = null, DateTimeOffset? createdAt = null, Caller? owner = null)
    {
        owner ??= TestCallers.Token("owner", Role.ServerOwner, Scopes.ServersHeartbeat);
        var server = new TestServer(this, Changed(owner.AccountId, pack, createdAt ?? Clock.GetUtcNow()), owner);
        await PublishAsync(server.Changed);
        await WaitUntilAsync(
            () => Task.FromResult(Services.GetRequiredService<ServerMap>().Find(server.Slug) is not null), TimeSpan.FromSeconds(20), "the server is known");
        return server;
    }

    public static ServerChanged Changed(Guid ownerId, AttachedPack? pack, DateTimeOffset createdAt, string? slug = null) => new(
        Guid.CreateVersion7(), createdAt, Guid.NewGuid(), slug ?? $"server-{Guid.NewGuid():N}", Revision: 1, ServerChange.Created, ownerId, "A server",
        "eu", "7d2d", MaxPlayers: 20, pack, createdAt);

    /// <summary>Lets the service's own workers run: moves the clock by little until it holds.</summary>
    public Task StepUntilAsync(Func<Task<bool>> condition, string what) => WaitUntilAsync(
        async () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return await condition();
        },
        TimeSpan.FromSeconds(30), what);

    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["services:catalog:http:0"] = Catalog.Url.ToString();
        settings["Hub:PublicUrl"] = "https://hub.example/";
        settings["Telemetry:RequireGateway"] = "false"; // there is none
        settings["Telemetry:StatusTimeout"] = "00:00:30";
        settings["Influx:WriteTimeout"] = "00:00:10"; // a write of a busy machine is not one to put aside
    }
}

/// <summary>A server of a test, and how it beats.</summary>
public sealed record TestServer(TelemetryApi Api, ServerChanged Changed, Caller Owner)
{
    public string Slug => Changed.Slug;

    public Guid Id => Changed.ServerId;

    public async Task<HttpResponseMessage> BeatAsync(object body, Caller? caller = null)
    {
        using var client = Api.CreateClient(caller ?? Owner);
        return await client.PostAsJsonAsync($"/api/v1/servers/{Slug}/heartbeat", body, ApiJson.Options);
    }

    public async Task<JsonElement> BeatOkAsync(object body)
    {
        using var answer = await BeatAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<JsonElement> MetricsAsync(string query = "")
    {
        using var client = Api.CreateClient();
        return await client.GetFromJsonAsync<JsonElement>($"/api/v1/servers/{Slug}/metrics{query}");
    }
}
