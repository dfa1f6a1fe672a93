using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.LocalHosting.Servers;
using PackRelay.Testing;

namespace PackRelay.EndToEnd.Tests;

/// <summary>
/// The real system: the AppHost as a process of its own, with private ports and a data folder that is removed afterwards. Tests talk to the gateway;
/// only those that kill something look at the status page, for process ids.
/// </summary>
public sealed class Hub : IAsyncLifetime, IDisposable
{
    /// <summary>Of the administrator that the hub makes at its first start.</summary>
    public const string AdminPassword = "end-to-end-administrator";

    private readonly StringBuilder output = new();

    private readonly string data = Path.Combine(Path.GetTempPath(), "packrelay-e2e-" + Guid.NewGuid().ToString("N"));

    private readonly HttpClient status = new();

    private readonly SemaphoreSlim registering = new(1);

    private Process? appHost;

    private Publisher? publisher;

    private HttpClient? admin;

    /// <summary>The gateway's address.</summary>
    public Uri Gateway { get; private set; } = null!;

    /// <summary>The second gateway's.</summary>
    public Uri OtherGateway { get; private set; } = null!;

    /// <summary>Where the catalog keeps files while they arrive.</summary>
    public string Incoming => Path.Combine(data, "blobs", "incoming");

    public async Task InitializeAsync()
    {
        var gatewayPort = NextPorts();
        var statusPort = FreePorts.Next();
        Gateway = new Uri($"http://localhost:{gatewayPort}");
        OtherGateway = new Uri($"http://localhost:{gatewayPort + 1}");
        status.BaseAddress = new Uri($"http://localhost:{statusPort}");
        Directory.CreateDirectory(data);
        appHost = Process.Start(new ProcessStartInfo("dotnet", [Repository.AppHost])
        {
            Environment =
            {
                ["LocalHosting__DataDirectory"] = data,
                ["LocalHosting__StatusPage__Port"] = statusPort.ToString(CultureInfo.InvariantCulture),
                ["Telemetry__Replicas"] = "2", // so that one of them can be killed while the other goes on
                ["Gateway__Replicas"] = "2",
                ["Gateway__Port"] = gatewayPort.ToString(CultureInfo.InvariantCulture),
                ["Parameters__admin-password"] = AdminPassword,
                // Every test opens accounts from one address, and one account owns most of their packs; the limits themselves are tested with the services.
                ["Plans__Free__Packs"] = "100000",
                ["Plans__Free__Servers"] = "100000",
                ["RateLimits__AccountCreation__PermitPerHour"] = "100000",
                ["RateLimits__SignInPerAddress__PermitPerMinute"] = "100000",
                ["RateLimits__Anonymous__PermitPerMinute"] = "100000",
                ["RateLimits__Token__PermitPerMinute"] = "100000",
                ["RateLimits__DraftSeeds__PermitPerMinute"] = "100000",
                ["RateLimits__Verify__PermitPerMinute"] = "100000",
                ["Influx__WriteTimeout"] = "00:00:08", // a write of a busy machine is not one to put aside
            },
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        appHost.OutputDataReceived += (_, line) => Note(line.Data);
        appHost.ErrorDataReceived += (_, line) => Note(line.Data);
        appHost.BeginOutputReadLine();
        appHost.BeginErrorReadLine();

        using var client = new HttpClient { BaseAddress = Gateway };
        await RetryAsync(() => client.GetAsync("/health"), "the gateway is healthy");
        await RetryAsync(() => client.GetAsync(new Uri(OtherGateway, "/health")), "the other gateway is healthy");
    }

    public async Task DisposeAsync()
    {
        publisher?.Dispose();
        admin?.Dispose();
        if (appHost is { HasExited: false })
        {
            await ProcessSignals.SendAsync(appHost.Id, "TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await appHost.WaitForExitAsync(patience.Token);
        }

        appHost?.Dispose();
        Directory.Delete(data, recursive: true);
    }

    public void Dispose()
    {
        status.Dispose();
        registering.Dispose();
    }

    /// <summary>A publisher that tests share which need no account of their own.</summary>
    internal async Task<Publisher> PublisherAsync()
    {
        await registering.WaitAsync();
        try
        {
            return publisher ??= await Publisher.RegisterAsync(Gateway);
        }
        finally
        {
            registering.Release();
        }
    }

    /// <summary>A session of the administrator, which tests share: few sign-ins of one name are allowed in a minute.</summary>
    internal async Task<HttpClient> AdminAsync()
    {
        await registering.WaitAsync();
        try
        {
            if (admin is not null) return admin;
            var client = HubClient.Create(Gateway, new CookieContainer());
            await Publisher.ExpectAsync(HttpStatusCode.OK, client.PostAsJsonAsync("/api/v1/sessions", new { login = "admin", password = AdminPassword }));
            return admin = client;
        }
        finally
        {
            registering.Release();
        }
    }

    /// <summary>kill -9 of a resource by its name in the AppHost, <c>telemetry-1</c> for a replica; returns the process id that was.</summary>
    public async Task<int> KillAsync(string resource)
    {
        var id = await ProcessIdAsync(resource) ?? throw new InvalidOperationException($"{resource} has no process");
        await ProcessSignals.SendAsync(id, "KILL");
        return id;
    }

    /// <summary>
    /// Waits until both gateways forward to every service and events arrive. A service that was killed stays out of a gateway's rotation for seconds after
    /// it is back, and consumers need theirs to find a broker again, which would fail the next test.
    /// </summary>
    public async Task WholeAsync()
    {
        var unknown = Publisher.NewSlug("unknown"); // what no gateway keeps an answer of
        string[] ofEachService = ["/api/v1/me", $"/api/v1/packs/{unknown}", $"/api/v1/servers/{unknown}/uptime", "/api/v1/webhooks/events"];
        await Task.WhenAll(
            from gateway in new[] { Gateway, OtherGateway }
            from route in ofEachService
            select Wait.UntilAsync(
                async () =>
                {
                    try
                    {
                        using var answer = await status.GetAsync(new Uri(gateway, route));
                        return answer.StatusCode < HttpStatusCode.InternalServerError;
                    }
                    catch (HttpRequestException)
                    {
                        return false;
                    }
                },
                $"{gateway} forwards {route}",
                TimeSpan.FromMinutes(1)));

        var probe = await PublisherAsync();
        using var elsewhere = HubClient.Create(OtherGateway);
        var pack = await probe.CreatePackAsync();
        await Publisher.ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/v1/packs/{pack}")); // kept until an event comes
        await Publisher.ExpectAsync(HttpStatusCode.OK, probe.Client.PatchAsJsonAsync($"/api/v1/packs/{pack}", new { name = "Whole" }));
        await UntilAsync(elsewhere, $"/api/v1/packs/{pack}", found => (string?)found["name"] == "Whole", "events of the catalog arrive");
        var server = await probe.CreateServerAsync();
        await Publisher.ExpectAsync(HttpStatusCode.OK, probe.BeatAsync(server, players: 1));
        await UntilAsync(elsewhere, $"/api/v1/servers/{server}", found => (bool)found["online"]!, "live states arrive");
    }

    /// <summary>A resource's process now; null while it has none.</summary>
    public async Task<int?> ProcessIdAsync(string resource)
    {
        await using var stream = await status.GetStreamAsync("/events");
        using var events = new StreamReader(stream);
        while (await events.ReadLineAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (int?)JsonNode.Parse(line[6..])!.AsArray().Single(found => (string?)found!["name"] == resource)!["processId"];
        throw new InvalidOperationException("the status page ended its stream");
    }

    /// <summary>Repeats a request until it answers 2xx, through refused connections and 5xx answers.</summary>
    public async Task<HttpResponseMessage> RetryAsync(Func<Task<HttpResponseMessage>> request, string what)
    {
        try
        {
            return await Wait.ForAsync(
                async () =>
                {
                    if (appHost is { HasExited: true }) throw new InvalidOperationException("the AppHost has ended");
                    try
                    {
                        var answer = await request();
                        return answer.IsSuccessStatusCode ? answer : null;
                    }
                    catch (HttpRequestException)
                    {
                        return null;
                    }
                },
                what,
                TimeSpan.FromMinutes(3));
        }
        catch (Exception error)
        {
            lock (output) throw new InvalidOperationException($"{what}: no. The AppHost said:\n{output}", error);
        }
    }

    private static Task UntilAsync(HttpClient client, string route, Func<JsonNode, bool> condition, string what) => Wait.UntilAsync(
        async () => condition(await Publisher.ExpectAsync(HttpStatusCode.OK, client.GetAsync(route))), what, TimeSpan.FromMinutes(1));

    private void Note(string? line)
    {
        lock (output) output.AppendLine(line);
    }

    /// <summary>The first of two free ports in a row: one for each gateway.</summary>
    private static int NextPorts()
    {
        while (true)
        {
            var first = FreePorts.Next();
            if (FreePorts.IsFree(first + 1)) return first;
        }
    }
}
