using System.Text.Json;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;
using PackRelay.Testing;

namespace PackRelay.LocalHosting.Tests.Hosting;

public sealed class AppHostLifeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AppHost_KilledWithoutWarning_LeavesNothingBehindAndTouchesNothingElse()
    {
        await using var foreign = await RedisServer.StartAsync(new() { DataDirectory = folder["foreign"], Password = "secret1" }, CancellationToken.None);
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"]);
        var children = host.Children();
        Assert.True(children.Count >= 4, "redis and three processes of the projects");

        host.Kill();

        await Wait.UntilAsync(() => !children.Any(ProcessTable.IsRunning), "all children are gone");
        Assert.Null(await ServerProbes.RedisAsync(foreign.ConnectionString, CancellationToken.None));

        // The data folder is free again, and the same secrets are used.
        await using var again = await RunningHost.StartAndWaitAsync(folder["data"]);
        Assert.True((await again.StatusOfAsync("front")).GetProperty("healthy").GetBoolean());
    }

    [Fact]
    public async Task AppHost_Terminated_StopsEverythingInOrderAndEndsWell()
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"]);
        var children = host.Children();

        host.Terminate();

        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.DoesNotContain(children, ProcessTable.IsRunning);
        Assert.Contains("everything is stopped", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondAppHost_OnTheSameDataFolder_IsRefusedAndHarmsNothing()
    {
        await using var first = await RunningHost.StartAndWaitAsync(folder["data"]);
        await using var second = RunningHost.Start(folder["data"]);

        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains("Another AppHost", second.Output, StringComparison.Ordinal);
        Assert.Contains(first.StatusPage, second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", second.Output, StringComparison.Ordinal);
        Assert.True((await first.StatusOfAsync("front")).GetProperty("healthy").GetBoolean());
    }

    [Theory]
    [InlineData("back-1")]
    [InlineData("cache")]
    public async Task Process_Killed_RunsAgainOnTheSameAddress(string resource)
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"]);
        var before = await host.StatusOfAsync(resource);

        Signals.Kill(ProcessTable.Find(before.GetProperty("processId").GetInt32())!.Value);

        var after = (JsonElement)await Wait.ForAsync(
            async () =>
            {
                var status = await host.StatusOfAsync(resource);
                return status.GetProperty("restarts").GetInt32() == 1 && status.GetProperty("healthy").ValueKind == JsonValueKind.True ? (object)status : null;
            },
            "it runs again and is healthy");
        Assert.Equal(before.GetProperty("endpoints")[0].GetString(), after.GetProperty("endpoints")[0].GetString());
        Assert.NotEqual(before.GetProperty("processId").GetInt32(), after.GetProperty("processId").GetInt32());
    }

    [Fact]
    public async Task Project_Started_HasTheVariablesOfTheDiagram()
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"]);

        var front = await host.EnvironmentOfAsync("front");
        List<string?> addresses = [await AddressAsync("back-1"), await AddressAsync("back-2")];
        Assert.Equal(addresses, new List<string?> { front["services__back__http__0"], front["services__back__http__1"] });
        Assert.Equal("front", front["OTEL_SERVICE_NAME"]);
        Assert.Equal("reaches every service", front["SampleSetting"]);
        Assert.DoesNotContain("ConnectionStrings__cache", front.Keys);
        Assert.DoesNotContain(await File.ReadAllTextAsync(folder["data/secrets/cache-password"]), front.Values);
        var back = await host.EnvironmentOfAsync("back-2");
        Assert.StartsWith("localhost:", back["ConnectionStrings__cache"], StringComparison.Ordinal);
        Assert.NotEqual((await host.EnvironmentOfAsync("back-1"))["OTEL_RESOURCE_ATTRIBUTES"], back["OTEL_RESOURCE_ATTRIBUTES"]);

        async Task<string?> AddressAsync(string name) => (await host.StatusOfAsync(name)).GetProperty("endpoints")[0].GetString();
    }
}
