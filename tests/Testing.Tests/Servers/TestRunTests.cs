using System.Diagnostics;
using PackRelay.Testing.Servers;

namespace PackRelay.Testing.Tests.Servers;

/// <summary>The program, given the servers of this run, so that it starts none itself.</summary>
public sealed class TestRunTests
{
    [Fact]
    public async Task Run_OfACommand_GivesItTheServersAndItsExitCode()
    {
        using var run = await StartAsync("sh", "-c", $"echo \"[${BackingServers.Variables.Redis}]\"; exit 7");
        Assert.Equal($"[{await BackingServers.Shared.RedisAsync()}]", await run.StandardOutput.ReadLineAsync());
        await run.WaitForExitAsync().WaitAsync(Wait.Default);
        Assert.Equal(7, run.ExitCode);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task Run_WhenSignalled_EndsTheCommandFirst(string signal, int exitCode)
    {
        using var run = await StartAsync("sh", "-c", "trap 'echo ended; exit 0' TERM; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", await run.StandardOutput.ReadLineAsync());
        Assert.True(await ProcessSignals.SendAsync(run.Id, signal));
        Assert.Equal("ended", await run.StandardOutput.ReadLineAsync().WaitAsync(Wait.Default));
        await run.WaitForExitAsync().WaitAsync(Wait.Default);
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    public async Task Run_WhenKilled_LeavesNoCommandBehind()
    {
        using var run = await StartAsync("sh", "-c", "echo $$; while :; do sleep 0.1; done");
        var command = int.Parse((await run.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        run.Kill();
        await Wait.UntilAsync(() => !IsRunning(command), "the command has ended too");
    }

    [Fact]
    public async Task Run_OfAMissingProgram_SaysSo()
    {
        using var run = await StartAsync("/no/such/program");
        await run.WaitForExitAsync().WaitAsync(Wait.Default);
        Assert.Equal(126, run.ExitCode);
    }

    // A killed process may stay in the table until somebody asks for its exit code.
    private static bool IsRunning(int processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Split(") ", 2)[1].StartsWith('Z');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<Process> StartAsync(params string[] command)
    {
        // A run in the background inherits SIGINT as ignored, and would pass that on.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "Testing"), "--", .. command])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var broker = await BackingServers.Shared.RabbitMqAsync();
        start.Environment[BackingServers.Variables.Postgres] = await BackingServers.Shared.PostgresAsync();
        start.Environment[BackingServers.Variables.Redis] = await BackingServers.Shared.RedisAsync();
        start.Environment[BackingServers.Variables.RabbitMq] = broker.Amqp.ToString();
        start.Environment[BackingServers.Variables.RabbitMqManagement] = broker.Management.ToString();
        start.Environment[BackingServers.Variables.Influx] = (await BackingServers.Shared.InfluxAsync()).ToString();
        return Process.Start(start)!;
    }
}
