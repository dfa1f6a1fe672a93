using System.Diagnostics;
using System.Runtime.InteropServices;
using PackRelay.LocalHosting.Servers;

namespace PackRelay.Testing.Servers;

/// <summary>
/// The program: starts one private instance of each server, runs the command given as arguments with their addresses in the environment, stops
/// everything and ends with the command's exit code. SIGINT and SIGTERM end the command first.
/// </summary>
internal static class TestRun
{
    private const int CannotRun = 126;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static async Task<int> Main(string[] args)
    {
        string[] command = args is ["--", ..] ? args[1..] : args;
        if (command.Length == 0)
        {
            await Console.Error.WriteLineAsync("Usage: Testing [--] <command> [argument...]");
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        var signalled = 0;
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true; // or this process would end before it has stopped the servers
            signalled = context.Signal == PosixSignal.SIGINT ? 2 : 15;
            stopping.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var servers = new BackingServers();
        try
        {
            var exitCode = await RunAsync(servers, command, stopping.Token);
            return signalled == 0 ? exitCode : 128 + signalled;
        }
        catch (OperationCanceledException)
        {
            return 128 + signalled;
        }
        catch (Exception error) when (error is ServerStartException or MissingPackageException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return CannotRun;
        }
    }

    private static async Task<int> RunAsync(BackingServers servers, string[] command, CancellationToken stop)
    {
        await Console.Error.WriteLineAsync("Starting Postgres, Redis, RabbitMQ and InfluxDB for the tests...");
        var addresses = await servers.StartAllAsync().WaitAsync(stop);
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false };
        foreach (var (name, value) in addresses)
            start.Environment[name] = value;
        // Should this process be killed, the guardian ends everything that carries the mark: the command and what it started.
        start.Environment[servers.Guardian.Mark.Key] = servers.Guardian.Mark.Value;
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
        }

        return process.ExitCode;
    }

    private static async Task EndAsync(Process process)
    {
        await ProcessSignals.SendAsync(process.Id, "TERM");
        try
        {
            await process.WaitForExitAsync().WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
