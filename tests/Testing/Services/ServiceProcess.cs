using System.Reflection;
using System.Security.Cryptography;
using PackRelay.LocalHosting.Processes;
using PackRelay.Testing.Servers;

namespace PackRelay.Testing.Services;

/// <summary>A replica of a service in a process of its own, with the machine's clock: a test may kill it. It ends when disposed, or with this process.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ChildProcess process;

    private ServiceProcess(ChildProcess process) => this.process = process;

    /// <summary>Starts one.</summary>
    /// <param name="service">The service's assembly, as it lies beside the tests.</param>
    /// <param name="settings">Its settings, by their keys with colons.</param>
    public static ServiceProcess Start(Assembly service, IReadOnlyDictionary<string, string?> settings)
    {
        var folder = Path.GetDirectoryName(service.Location)!;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? folder,
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Callers__SigningKey"] = RandomNumberGenerator.GetHexString(64),
        };
        foreach (var (key, value) in settings) environment[key.Replace(":", "__", StringComparison.Ordinal)] = value ?? "";
        var start = new ChildProcessStart("dotnet", [service.Location], folder) { Environment = environment, Guardian = BackingServers.Shared.Guardian };
        return new ServiceProcess(ChildProcess.Start(start));
    }

    /// <summary>Ends it as <c>kill -9</c> does, and waits until it has ended.</summary>
    public async Task KillAsync()
    {
        await ProcessSignals.SendAsync(process.ProcessId, "KILL");
        await process.Exited;
    }

    /// <summary>Asks it to stop, and waits until it has; kills it after the grace.</summary>
    public Task StopAsync(TimeSpan grace) => process.StopAsync(grace);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
