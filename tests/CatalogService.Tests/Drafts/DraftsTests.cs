using System.Net;
using System.Text.Json;

namespace PackRelay.CatalogService.Tests.Drafts;

public sealed class DraftsTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/packs/draft-seed";

    [Fact]
    public async Task Post_ModList_CanBeClaimedAsOftenAsNeeded()
    {
        var mods = new[] { new { name = "A_Mod", displayName = "A “Mod” 🦊", version = "1.2" }, new { name = "b", displayName = "B", version = "" } };
        var left = await api.Anonymous.PostAsync(Path, new { mods, packHint = new { name = "My pack", version = "1.0" } }).JsonAsync();
        Assert.Equal(["ok", "token", "url", "expiresAt"], left.EnumerateObject().Select(member => member.Name));
        Assert.True(left.GetProperty("ok").GetBoolean());
        Assert.EndsWith($"{Path}/{left.GetProperty("token").GetString()}", left.GetProperty("url").GetString(), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var claimed = await api.Anonymous.GetAsync($"{Path}/{left.GetProperty("token").GetString()}").JsonAsync();
            Assert.Equal(["mods", "packHint", "expiresAt"], claimed.EnumerateObject().Select(member => member.Name));
            Assert.Equal(("A_Mod", "A “Mod” 🦊", "1.2"), (Text(claimed, "name"), Text(claimed, "displayName"), Text(claimed, "version")));
            Assert.Equal("My pack", claimed.GetProperty("packHint").GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task Post_WithoutAHint_HasNone()
    {
        foreach (var body in new object[] { new { mods = Array.Empty<object>(), packHint = (object?)null }, new { mods = Array.Empty<object>() } })
        {
            var left = await api.Anonymous.PostAsync(Path, body).JsonAsync();
            var claimed = await api.Anonymous.GetAsync($"{Path}/{left.GetProperty("token").GetString()}").JsonAsync();
            Assert.Equal(JsonValueKind.Null, claimed.GetProperty("packHint").ValueKind);
        }
    }

    [Fact]
    public async Task Claim_Ended_Is404AndIsCleared()
    {
        var token = (await api.Anonymous.PostAsync(Path, new { mods = Array.Empty<object>() }).JsonAsync()).GetProperty("token").GetString()!;
        await api.ExecuteAsync("UPDATE draft_seeds SET expires_at = now() - interval '1 s' WHERE token_sha256 = sha256($1::text::bytea)", token);
        await api.Anonymous.GetAsync($"{Path}/{token}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.PostAsync(Path, new { mods = Array.Empty<object>() }).JsonAsync();
        Assert.False(await api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM draft_seeds WHERE expires_at < now())"));
        await api.Anonymous.GetAsync($"{Path}/{new string('0', 48)}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("""{"mods":[{"name":""}]}""", "invalid_mods")]
    [InlineData("""{"mods":[null]}""", "invalid_mods")]
    [InlineData("""{"mods":[],"packHint":{"name":" "}}""", "invalid_pack_hint")]
    [InlineData("""{}""", "invalid_json")]
    [InlineData("""{"mods":{}}""", "invalid_json")]
    [InlineData("""{"mods":[{"displayName":"x"}]}""", "invalid_json")]
    [InlineData("""[""", "invalid_json")]
    public async Task Post_BadList_IsRefused(string body, string code) => await api.Anonymous.PostTextAsync(Path, body).FailsAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Post_AtAndOverTheLimits_IsTakenAndRefused()
    {
        var longest = string.Concat(Enumerable.Repeat("🦊", 100));
        object Mods(int count, string name) => new { mods = Enumerable.Repeat(new { name, displayName = name, version = name }, count) };
        await api.Anonymous.PostAsync(Path, Mods(2_000, longest)).JsonAsync();
        await api.Anonymous.PostAsync(Path, Mods(2_001, "x")).FailsAsync(HttpStatusCode.BadRequest, "invalid_mods");
        await api.Anonymous.PostAsync(Path, Mods(1, longest + "x")).FailsAsync(HttpStatusCode.BadRequest, "invalid_mods");
        await api.Anonymous.PostHugeAsync(Path).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    private static string? Text(JsonElement claimed, string member) => claimed.GetProperty("mods")[0].GetProperty(member).GetString();
}
