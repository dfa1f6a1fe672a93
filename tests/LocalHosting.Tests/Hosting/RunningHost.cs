using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.LocalHosting.Processes;
using PackRelay.Testing;

namespace PackRelay.LocalHosting.Tests.Hosting;

/// <summary>A real AppHost in a process of its own, with its own data folder.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly HttpClient client = new();

    private RunningHost(string dataDirectory, bool terminal, Dictionary<string, string>? settings)
    {
        DataDirectory = dataDirectory;
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) is "dotnet" ? path : "dotnet";
        var program = Path.Combine(AppContext.BaseDirectory, "LocalHosting.SampleHost.dll");
        // script(1) runs a command in a terminal of its own and types there what it reads. A shell that runs tests in the background has switched the signal off.
        var start = new ProcessStartInfo(terminal ? "script" : dotnet, terminal ? ["-qefc", $"exec env --default-signal=INT '{dotnet}' '{program}'", "/dev/null"] : [program])
        {
            UseShellExecute = false,
            RedirectStandardInput = terminal,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LocalHosting__DataDirectory"] = dataDirectory, ["LocalHosting__StatusPage__Port"] = "0", ["SampleSetting"] = "reaches every service" },
        };
        foreach (var (name, value) in settings ?? [])
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        client.Timeout = TimeSpan.FromSeconds(10);
    }

    public string DataDirectory { get; }

    public string StatusPage { get; private set; } = "";

    public int ProcessId => process.Id;

    public string Output => string.Join('\n', lines);

    public static RunningHost Start(string dataDirectory) => new(dataDirectory, terminal: false, settings: null);

    public static async Task<RunningHost> StartAndWaitAsync(string dataDirectory, bool terminal = false, Dictionary<string, string>? settings = null)
    {
        var host = new RunningHost(dataDirectory, terminal, settings);
        var ready = await Wait.ForAsync(
            () => Task.FromResult(host.lines.FirstOrDefault(line => line.StartsWith("PackRelay is ready", StringComparison.Ordinal))), "the application is ready", TimeSpan.FromMinutes(2));
        host.StatusPage = ready[(ready.LastIndexOf(' ') + 1)..];
        return host;
    }

    public async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return process.ExitCode;
    }

    public void PressControlC()
    {
        process.StandardInput.Write('\x03');
        process.StandardInput.Flush();
    }

    public void Terminate() => Signals.Send(process.Id, StopSignal.Terminate);

    public void Kill() => Signals.Kill(ProcessTable.Find(process.Id)!.Value);

    /// <summary>Every process that it has started and that still runs, except the guardian.</summary>
    public List<ProcessTable.Entry> Children() =>
        [.. ProcessTable.Family(ProcessTable.Find(process.Id)!.Value).Where(entry => entry.ProcessId != process.Id && entry.ProcessId != GuardianId())];

    public async Task<JsonElement> StatusOfAsync(string resource)
    {
        using var stream = new StreamReader(await client.GetStreamAsync(StatusPage + "/events"));
        var line = (await stream.ReadLineAsync())!;
        return JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]).EnumerateArray().Single(status => status.GetProperty("name").ValueEquals(resource));
    }

    public async Task<Dictionary<string, string>> EnvironmentOfAsync(string resource)
    {
        var endpoint = (await StatusOfAsync(resource)).GetProperty("endpoints")[0].GetString();
        return (await client.GetFromJsonAsync<Dictionary<string, string>>(endpoint + "/environment"))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Terminate();
            await WaitForExitAsync();
        }

        process.Dispose();
        client.Dispose();
    }

    private int GuardianId() => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(DataDirectory, "apphost.json"))).GetProperty("GuardianProcessId").GetInt32();
}
