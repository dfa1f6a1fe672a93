using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.RailcraftPack.Ads;

public sealed class AdsTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    [Fact]
    public async Task Ad_ThatIsPosted_IsListedWithItsTimesAndTheNameOfItsAccount()
    {
        var account = await NewPlayerAsync("Notch_2", "069a79f4-44e9-4726-a5be-fca90e38aaf5");
        var client = api.NewClient(account);
        var before = api.Time.GetUtcNow().ToUnixTimeSeconds();
        var posted = await client.CallAsync("post_ad", ("type", "sell"), ("title", " Elytra "), ("body", "As good as new,\nhalf the price"));
        Assert.Equal(["result", "msg", "id"], posted.EnumerateObject().Select(member => member.Name));
        var id = posted.GetProperty("id").GetInt64();

        var ad = await FindAsync(client, id);
        Assert.Equal(
            ["id", "created_time", "bumped", "edited", "type", "title", "body", "minecraft_name", "minecraft_uuid"], ad.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("sell", "Elytra", "As good as new,\nhalf the price"), (Text(ad, "type"), Text(ad, "title"), Text(ad, "body")));
        Assert.Equal(("Notch_2", "069a79f4-44e9-4726-a5be-fca90e38aaf5"), (Text(ad, "minecraft_name"), Text(ad, "minecraft_uuid")));
        var created = ad.GetProperty("created_time").GetInt64();
        Assert.InRange(created, before, before + 60);
        Assert.Equal((created, created), (ad.GetProperty("bumped").GetInt64(), ad.GetProperty("edited").GetInt64()));

        // Whoever renames is shown by the new name; without one there is none.
        await api.PublishAsync(Changed(account, revision: 3, "Steve", null));
        await api.WaitUntilAsync(async () => Text(await FindAsync(client, id), "minecraft_name") == "Steve", TimeSpan.FromSeconds(30), "the ad has the new name");
        Assert.Equal("", Text(await FindAsync(client, id), "minecraft_uuid"));
    }

    [Fact]
    public async Task Ads_ThatAreBumpedAndChanged_MoveUpAndKeepWhenTheyWerePosted()
    {
        var account = await NewPlayerAsync("Alex", null);
        var client = api.NewClient(account);
        var first = await PostAsync(client, "sell");
        api.Time.Advance(TimeSpan.FromMinutes(10));
        var second = await PostAsync(client, "buy");
        Assert.Equal([second, first], await MineAsync(client, first, second));

        api.Time.Advance(TimeSpan.FromMinutes(10));
        await client.CallAsync("bump_ad", ("id", $"{first}"));
        Assert.Equal([first, second], await MineAsync(client, first, second));
        var ad = await FindAsync(client, first);
        Assert.InRange(ad.GetProperty("bumped").GetInt64() - ad.GetProperty("created_time").GetInt64(), 1_200, 1_260);
        Assert.Equal(ad.GetProperty("created_time").GetInt64(), ad.GetProperty("edited").GetInt64());

        api.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(second, (await client.CallAsync("post_ad", ("id", $"{second}"), ("type", "sell"), ("title", "Other"), ("body", "words"))).GetProperty("id").GetInt64());
        ad = await FindAsync(client, second);
        Assert.Equal(("sell", "Other", "words"), (Text(ad, "type"), Text(ad, "title"), Text(ad, "body")));
        Assert.InRange(ad.GetProperty("edited").GetInt64() - ad.GetProperty("created_time").GetInt64(), 1_200, 1_260);
        Assert.Equal(ad.GetProperty("created_time").GetInt64(), ad.GetProperty("bumped").GetInt64());
        Assert.Equal([first, second], await MineAsync(client, first, second)); // a change is no bump

        await client.CallAsync("delete_ad", ("id", $"{first}"));
        Assert.Equal([second], await MineAsync(client, first, second));
        using var again = await client.PostAsync("delete_ad", ("id", $"{first}"));
        await again.EnvelopeAsync(9);
    }

    [Fact]
    public async Task Ads_OfSomebodyElse_CannotBeTouched()
    {
        var id = await PostAsync(api.NewClient(await NewPlayerAsync("Owner", null)), "buy");
        var stranger = api.NewClient();
        foreach (var endpoint in new[] { "bump_ad", "delete_ad", "post_ad" })
        {
            using var refused = await stranger.PostAsync(endpoint, ("id", $"{id}"), ("type", "buy"), ("title", "a"), ("body", "b"));
            await refused.EnvelopeAsync(9);
        }

        Assert.Equal("a title", Text(await FindAsync(stranger, id), "title"));
    }

    [Fact]
    public async Task Ads_OfAnAccountWithAnotherClient_AreItsOwn()
    {
        var account = await NewPlayerAsync("Both", null);
        var id = await PostAsync(api.NewClient(account), "buy");
        await api.NewClient(account).CallAsync("delete_ad", ("id", $"{id}"));
    }

    [Fact]
    public async Task Ads_ByTypeAndLimit_AreThoseAskedFor()
    {
        var client = api.NewClient(await NewPlayerAsync("Lister", null));
        var (sell, buy) = (await PostAsync(client, "sell"), await PostAsync(client, "buy"));
        Assert.Equal([sell], await MineAsync(client, [sell, buy], ("type", "sell")));
        Assert.Equal([buy], await MineAsync(client, [sell, buy], ("type", "buy")));
        foreach (var all in new (string, string)[][] { [], [("type", "any")], [("limit", "-1")], [("limit", "-7")], [("limit", "")], [("type", "")] })
            Assert.Equal([buy, sell], await MineAsync(client, [sell, buy], all));
        Assert.Equal(0, (await client.CallAsync("get_ads", ("limit", "0"))).GetProperty("ads").GetArrayLength());
        Assert.Equal([buy], (await client.CallAsync("ads", ("limit", "1"))).GetProperty("ads").EnumerateArray().Select(ad => ad.GetProperty("id").GetInt64()));
        Assert.True((await client.CallAsync("get_ads", ("limit", "99999999999"))).GetProperty("ads").GetArrayLength() >= 2);
    }

    [Fact]
    public async Task Ad_WithTooManyWords_IsRefused()
    {
        var client = api.NewClient(await NewPlayerAsync("Talker", null));
        var hundred = string.Join(" ", Enumerable.Repeat("word", 100));
        var id = (await client.CallAsync("post_ad", ("type", "buy"), ("title", "a"), ("body", hundred))).GetProperty("id").GetInt64();
        foreach (var (title, body) in new[] { ("a", hundred + "\nmore"), (hundred + " more", "b"), (new string('a', 201), "b"), ("a", new string('b', 5_001)) })
        {
            using var refused = await client.PostAsync("post_ad", ("type", "buy"), ("title", title), ("body", body));
            await refused.EnvelopeAsync(13);
            using var unchanged = await client.PostAsync("post_ad", ("id", $"{id}"), ("type", "buy"), ("title", title), ("body", body));
            await unchanged.EnvelopeAsync(13);
        }
    }

    [Fact]
    public async Task Ads_OfOneClient_AreAtMostFiveAtATime_AlsoWhenTheyComeAtOnce()
    {
        var account = await NewPlayerAsync("Trader", null);
        var client = api.NewClient(account);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var answer = await client.PostAsync("post_ad", ("type", "sell"), ("title", "a title"), ("body", "a body"));
            return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("result").GetInt32();
        }));
        Assert.Equal((5, 7), (answers.Count(result => result == 0), answers.Count(result => result == 14)));
        var others = await PostAsync(api.NewClient(account), "sell"); // the limit is each client's
        var ids = (await client.CallAsync("get_ads")).GetProperty("ads").EnumerateArray().Where(ad => Text(ad, "minecraft_name") == "Trader").Select(ad => ad.GetProperty("id").GetInt64()).Order().ToArray();
        Assert.Equal(6, ids.Length);

        // They end after a month; then there is room, until one of the old ones is bumped beyond it.
        api.Time.Advance(TimeSpan.FromDays(31));
        Assert.Empty(await MineAsync(client, ids));
        for (var i = 0; i < 4; i++) await PostAsync(client, "buy");
        await client.CallAsync("bump_ad", ("id", $"{ids[0]}"));
        using (var refused = await client.PostAsync("bump_ad", ("id", $"{ids[1]}"))) await refused.EnvelopeAsync(14);
        using (var refused = await client.PostAsync("post_ad", ("type", "sell"), ("title", "a"), ("body", "b"))) await refused.EnvelopeAsync(14);
        await client.CallAsync("bump_ad", ("id", $"{ids[0]}")); // one that is live may always go up
        Assert.Equal([ids[0]], await MineAsync(client, [.. ids, others]));
    }

    [Fact]
    public async Task Ads_OfADeletedAccount_AreGone()
    {
        var account = await NewPlayerAsync("Leaver", null);
        var id = await PostAsync(api.NewClient(account), "buy");
        await api.PublishAsync(Changed(account, revision: 9, null, null) with { Deleted = true });
        await api.WaitUntilAsync(async () => (await MineAsync(api.NewClient(), id)).Length == 0, TimeSpan.FromSeconds(30), "the ad is gone");
    }

    private static Task<long[]> MineAsync(RailcraftClient client, params long[] ids) => MineAsync(client, ids, []);

    private static async Task<long[]> MineAsync(RailcraftClient client, long[] ids, params (string Name, string Value)[] more) =>
        [.. (await client.CallAsync("get_ads", more)).GetProperty("ads").EnumerateArray().Select(ad => ad.GetProperty("id").GetInt64()).Where(ids.Contains)];

    private static async Task<JsonElement> FindAsync(RailcraftClient client, long id) =>
        (await client.CallAsync("get_ads")).GetProperty("ads").EnumerateArray().Single(ad => ad.GetProperty("id").GetInt64() == id);

    private static async Task<long> PostAsync(RailcraftClient client, string type) =>
        (await client.CallAsync("post_ad", ("type", type), ("title", "a title"), ("body", "a body"))).GetProperty("id").GetInt64();

    private static string Text(JsonElement ad, string member) => ad.GetProperty(member).GetString()!;

    private static AccountChanged Changed(Caller account, long revision, string? name, string? uuid) => new(
        Guid.NewGuid(), DateTimeOffset.UnixEpoch, account.AccountId, revision, account.Username, account.DisplayName, "player", "free",
        MinecraftName: name, MinecraftUuid: uuid is null ? null : Guid.Parse(uuid));

    private async Task<Caller> NewPlayerAsync(string name, string? uuid)
    {
        var account = api.NewPublisher().Caller;
        await api.PublishAsync(Changed(account, revision: 2, name, uuid));
        await api.WaitUntilAsync(
            () => api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM accounts WHERE id = $1 AND minecraft_name = $2)", account.AccountId, name), TimeSpan.FromSeconds(30), "the account is known");
        return account;
    }
}
