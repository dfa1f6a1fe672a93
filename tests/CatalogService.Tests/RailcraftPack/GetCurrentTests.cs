using System.Net;
using System.Net.Http.Json;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

public sealed class GetCurrentTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    private static readonly PackFile Mod = new("mods/alpha.txt", "alpha 1");

    private static readonly PackFile Settings = new("config/server.txt", "1", Side: "server");

    [Fact]
    public async Task Current_OverAHistory_TellsChangesOfPlayersFromThoseOfServers()
    {
        var pack = await api.NewPackAsync(Mod, Settings);
        await AssertAsync(pack, "1.00", "1.00");
        await pack.PublishAsync("1.0.1", Mod, Settings with { Text = "2" });
        await AssertAsync(pack, "1.00", "1.01");
        await pack.PublishAsync("1.0.2", Mod);
        await AssertAsync(pack, "1.00", "1.02");
        await pack.PublishAsync("2.0.0", Mod with { Text = "alpha 2" });
        await AssertAsync(pack, "2.00", "2.00");
        await pack.PublishAsync("2.1.0", Mod with { Text = "alpha 2", Executable = true });
        await AssertAsync(pack, "3.00", "3.00");
        await pack.PublishAsync("2.2.0", Mod with { Text = "alpha 2", Executable = true, Optional = true });
        await AssertAsync(pack, "4.00", "4.00");
        await pack.PublishAsync("2.2.1", Mod with { Text = "alpha 2", Executable = true, Optional = true }, Settings);
        await AssertAsync(pack, "4.00", "4.01");
    }

    [Fact]
    public async Task Current_AfterAWithdrawal_IsTheVersionBefore_AndTagsStay()
    {
        var pack = await api.NewPackAsync(Mod);
        await pack.PublishAsync("2.0.0", Mod with { Text = "alpha 2" });
        await AssertAsync(pack, "2.00", "2.00");
        await pack.WithdrawAsync("2.0.0");
        await AssertAsync(pack, "1.00", "1.00");
        await pack.PublishAsync("2.0.1", Mod with { Text = "alpha 2" }, Settings);
        await AssertAsync(pack, "2.00", "2.01"); // the players' files are those of the withdrawn version
        await pack.PublishAsync("3.0.0", Mod with { Text = "alpha 3" });
        await pack.WithdrawAsync("3.0.0"); // before anybody asked
        await pack.PublishAsync("3.0.1", Mod with { Text = "alpha 4" });
        await AssertAsync(pack, "4.00", "4.00");
    }

    [Fact]
    public async Task Current_AskedLate_GivesTheTagsThatAskingAtOnceWouldHaveGiven()
    {
        var pack = await api.NewPackAsync(Mod);
        for (var version = 1; version <= 12; version++) await pack.PublishAsync($"1.{version}.0", Mod with { Text = $"alpha {version / 3}" }, Settings with { Text = $"{version}" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await (await api.Plain.GetAsync($"/api/current/?pack={pack.Slug}")).Content.ReadAsStringAsync()));
        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        await AssertAsync(pack, "6.00", "6.00");
        Assert.Equal(13, await api.ScalarAsync<long>("SELECT count(*) FROM railcraft_tags t JOIN packs p ON p.id = t.pack_id WHERE p.slug = $1", pack.Slug));
    }

    [Fact]
    public async Task Current_OfAVersionForServersAlone_HasNoMajor()
    {
        var pack = await api.NewPackAsync(Settings);
        await AssertAsync(pack, "0.00", "0.01");
    }

    [Fact]
    public async Task Current_WithoutAParameter_IsTheConfiguredPack()
    {
        using (var none = await api.Plain.GetAsync("/api/current/")) await none.EnvelopeAsync(11);
        var pack = await api.NewPackAsync(more: new { game = "minecraft" }, slug: "railcraft-pack");
        using (var empty = await api.Plain.GetAsync("/api/current/")) await empty.EnvelopeAsync(11);
        await pack.PublishAsync("1.0.0", Mod);
        foreach (var path in new[] { "/api/current/", "/api/v1/current/", "/api/current", "/api/v1/current", "/API/Current/", "/api/current/?pack=" })
        {
            using var answer = await api.Plain.GetAsync(path);
            Assert.Equal("""{"result":0,"msg":"","major":"1.00","minor":"1.00"}""", await answer.Content.ReadAsStringAsync());
        }

        await api.Anonymous.GetAsync("/api/current").JsonAsync(); // as the API document says
        await pack.WithdrawAsync("1.0.0");
        using var withdrawn = await api.Plain.GetAsync("/api/current/");
        await withdrawn.EnvelopeAsync(11);
    }

    [Fact]
    public async Task Current_OfAnotherPack_ReadsItsNameFromEverywhere_AndShowsPrivateOnesToTheirTeamAlone()
    {
        var pack = await api.NewPackAsync(Mod);
        foreach (var content in new HttpContent[]
        {
            new FormUrlEncodedContent([KeyValuePair.Create("pack", pack.Slug)]), JsonContent.Create(new { pack = pack.Slug }), new MultipartFormDataContent { { new StringContent(pack.Slug), "pack" } },
        })
        {
            using var answer = await api.Plain.PostAsync("/api/current/?pack=nobody-has-this", content);
            await answer.EnvelopeAsync(0);
        }

        await pack.Owner.Client.PatchAsJsonAsync($"/api/v1/packs/{pack.Slug}", new { visibility = "private" }).JsonAsync();
        using (var stranger = await api.Plain.GetAsync($"/api/current/?pack={pack.Slug}")) await stranger.EnvelopeAsync(11);
        using (var strangersClient = await api.NewClient().PostAsync("get_download_url", ("pack", pack.Slug))) await strangersClient.EnvelopeAsync(11);
        await pack.Owner.Client.GetAsync($"/api/current?pack={pack.Slug}").JsonAsync(HttpStatusCode.OK);
        await api.NewClient(pack.Owner.Caller).CallAsync("get_download_url", ("pack", pack.Slug));
        await pack.Owner.Client.DeleteAsync($"/api/v1/packs/{pack.Slug}").SucceedsAsync();
        using var deleted = await api.Plain.GetAsync($"/api/current/?pack={pack.Slug}");
        await deleted.EnvelopeAsync(11);
    }

    private async Task AssertAsync(MinecraftPack pack, string major, string minor)
    {
        using var answer = await api.Plain.GetAsync($"/api/current/?pack={pack.Slug}");
        var envelope = await answer.EnvelopeAsync(0);
        Assert.Equal((major, minor), (envelope.GetProperty("major").GetString(), envelope.GetProperty("minor").GetString()));
    }
}
