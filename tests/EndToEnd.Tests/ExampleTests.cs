using System.Diagnostics;

namespace PackRelay.EndToEnd.Tests;

/// <summary>What the README tells newcomers to run.</summary>
[Collection(HubGroup.Name)]
public sealed class ExampleTests(Hub hub)
{
    [Fact]
    public async Task FirstPack_OnARunningHub_PrintsEveryStepAndSucceeds()
    {
        using var script = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "examples", "first-pack.sh"))
        {
            Environment = { ["PACKRELAY"] = hub.Gateway.ToString().TrimEnd('/') },
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var output = script.StandardOutput.ReadToEndAsync();
        var errors = script.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await script.WaitForExitAsync(limit.Token);

        Assert.True(script.ExitCode == 0, $"{await output}\n{await errors}");
        Assert.Contains("Signature Verified Successfully", await output, StringComparison.Ordinal);
        Assert.Contains("pack.version_published: signature valid", await output, StringComparison.Ordinal);
        Assert.Contains("server.online: signature valid", await output, StringComparison.Ordinal);
        Assert.Contains("== Done in", await output, StringComparison.Ordinal);
    }
}
