using System.Net;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Usage;

public sealed class GetUsageTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/me/usage";

    [Fact]
    public async Task Get_OfAPublisher_CountsWhatTheLimitsCount()
    {
        var publisher = api.NewPublisher(change: caller => caller with { Plan = "free" });
        var kept = await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.Client.DeleteAsync($"/api/v1/packs/{await publisher.CreatePackAsync()}").SucceedsAsync();
        await publisher.CreateServerAsync();
        var file = await publisher.UploadAsync(new string('x', 700) + Guid.NewGuid());
        await api.Anonymous.GetByteArrayAsync($"/api/v1/files/{Publisher.Sha256(file)}");
        var restricted = publisher.ClientWith(caller => caller with { Packs = [kept], Scopes = new HashSet<string>([Scopes.Favorites]) });
        await api.WaitUntilAsync(
            async () => Pair(await restricted.GetAsync(Path).JsonAsync(), "egress", "usedBytes", "limitBytes").Used > 0, TimeSpan.FromSeconds(20), "the download is charged"); // when its answer is over
        using var response = await restricted.GetAsync(Path);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var usage = await Task.FromResult(response).JsonAsync();
        Assert.Equal("free", usage.GetProperty("plan").GetString());
        Assert.Equal((1L, 10L), Pair(usage, "packs", "used", "limit"));
        Assert.Equal((1L, 50L), Pair(usage, "servers", "used", "limit"));
        Assert.Equal((file.LongLength, 5_000_000_000L), Pair(usage, "storage", "usedBytes", "limitBytes"));
        Assert.Equal((file.LongLength, 100_000_000_000L), Pair(usage, "egress", "usedBytes", "limitBytes"));
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(usage.GetProperty("egress").GetProperty("resetsAt").GetDateTimeOffset(), now, now.AddDays(31));
    }

    [Fact]
    public async Task Get_UnfinishedUpload_CountsAsStorage()
    {
        var publisher = api.NewPublisher();
        var pathname = $"packs/files/{new string('a', 64)}";
        var upload = (await publisher.Client.PostAsync("/api/v1/files/multipart/init", new { pathname }).JsonAsync()).GetProperty("uploadId").GetString();
        await publisher.Client.PostAsync($"/api/v1/files/multipart/part?pathname={pathname}&uploadId={upload}&partNumber=1", new ByteArrayContent(new byte[500])).SucceedsAsync(HttpStatusCode.OK);
        Assert.Equal((500L, 1_000_000_000_000L), Pair(await publisher.Client.GetAsync(Path).JsonAsync(), "storage", "usedBytes", "limitBytes"));
    }

    [Fact]
    public async Task Get_ByAPlayerWithNothing_IsAllZeroes()
    {
        var usage = await api.CreateClient(TestCallers.Session("player", Role.Player)).GetAsync(Path).JsonAsync();
        foreach (var (name, member) in new[] { ("packs", "used"), ("servers", "used"), ("storage", "usedBytes"), ("egress", "usedBytes") })
            Assert.Equal(0, usage.GetProperty(name).GetProperty(member).GetInt64());
    }

    [Fact]
    public async Task Get_Anonymous_IsRefused() => await api.Anonymous.GetAsync(Path).FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");

    private static (long Used, long Limit) Pair(JsonElement usage, string name, string used, string limit) =>
        (usage.GetProperty(name).GetProperty(used).GetInt64(), usage.GetProperty(name).GetProperty(limit).GetInt64());
}
