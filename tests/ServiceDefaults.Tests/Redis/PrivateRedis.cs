using System.Diagnostics;
using PackRelay.LocalHosting.Servers;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Redis;

/// <summary>A redis-server that belongs to one test class, to be killed, frozen and started again.</summary>
public sealed class PrivateRedis : IAsyncLifetime
{
    private Process? process;

    public int Port { get; } = FreePorts.Next();

    /// <summary>Waits for long, since a machine that is busy with other things may answer late: tests that are about silence say how long they wait.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},asyncTimeout=60000,connectTimeout=60000";

    public RedisClient CreateClient(string more = "") => new(RedisConnectionString.Parse(ConnectionString + more));

    public Task InitializeAsync() => StartAsync();

    public async Task StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("redis-server", ["--bind", "127.0.0.1", "--port", $"{Port}", "--save", "", "--appendonly", "no", .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(); // or it would block when the pipe is full
                return;
            }
        }

        throw new InvalidOperationException("redis-server ended before it was ready.");
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async Task DisposeAsync()
    {
        if (process is not null)
            await KillAsync();
    }

    private async Task SignalAsync(string signal) => Assert.True(await ProcessSignals.SendAsync(process!.Id, signal));

}
