using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Favorites;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Favorites;

public sealed class FavoritesTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Theory]
    [InlineData("packs")]
    [InlineData("servers")]
    public async Task Toggle_Twice_IsOnThenOff(string kind)
    {
        var slug = await CreateAsync(api.NewPublisher(), kind);
        var (first, second) = (Player(), Player());
        Assert.Equal((true, 1L), await ToggleAsync(first, kind, slug));
        Assert.Equal((true, 2L), await ToggleAsync(second, kind, slug));
        Assert.Equal(2, (await api.Anonymous.GetAsync($"/api/v1/{kind}/{slug}").JsonAsync()).GetProperty("favoriteCount").GetInt64());
        Assert.Equal([slug], await MineAsync(first, kind));
        Assert.Equal((false, 1L), await ToggleAsync(first, kind, slug));
        Assert.Empty(await MineAsync(first, kind));
        Assert.Equal([slug], await MineAsync(second, kind));
    }

    [Theory]
    [InlineData("packs")]
    [InlineData("servers")]
    public async Task Toggle_ByManyAtOnce_CountsExactly(string kind)
    {
        var slug = await CreateAsync(api.NewPublisher(), kind);
        var players = Enumerable.Range(0, 15).Select(_ => Player()).ToArray();
        var indecisive = Player();
        var toggles = players.Select(player => ToggleAsync(player, kind, slug)).Concat(Enumerable.Range(0, 11).Select(_ => ToggleAsync(indecisive, kind, slug)));
        await Task.WhenAll(toggles);
        Assert.Equal(16, (await api.Anonymous.GetAsync($"/api/v1/{kind}/{slug}").JsonAsync()).GetProperty("favoriteCount").GetInt64());
        Assert.Equal([slug], await MineAsync(indecisive, kind));
    }

    [Fact]
    public async Task Toggle_PackDeletedMeanwhile_ChangesNothing()
    {
        var publisher = api.NewPublisher();
        var slug = await CreateAsync(publisher, "packs");
        var id = await api.ScalarAsync<Guid>("SELECT id FROM packs WHERE slug = $1", slug);
        await publisher.Client.DeleteAsync($"/api/v1/packs/{slug}").SucceedsAsync();
        Assert.Null(await api.Services.GetRequiredService<FavoriteToggle>().PackAsync(id, publisher.Caller.AccountId, CancellationToken.None));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM pack_favorites WHERE pack_id = $1", id));
    }

    [Fact]
    public async Task Toggle_WithASessionOrABody_Works()
    {
        var slug = await CreateAsync(api.NewPublisher(), "packs");
        var session = api.CreateClient(TestCallers.Session("a-player", Role.Player, Scopes.Favorites));
        var path = $"/api/v1/packs/{slug}/favorite";
        Assert.True((await session.PostAsync(path, content: null).JsonAsync()).GetProperty("favorited").GetBoolean());
        Assert.False((await session.PostTextAsync(path, "").JsonAsync()).GetProperty("favorited").GetBoolean());
        Assert.True((await session.PostTextAsync(path, "{}").JsonAsync()).GetProperty("favorited").GetBoolean());
    }

    [Theory]
    [InlineData("packs")]
    [InlineData("servers")]
    public async Task Toggle_WithoutTheRight_IsRefused(string kind)
    {
        var slug = await CreateAsync(api.NewPublisher(), kind);
        var path = $"/api/v1/{kind}/{slug}/favorite";
        await api.Anonymous.PostAsync(path, content: null).FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await Player(caller => caller with { Scopes = new HashSet<string>() }).PostAsync(path, content: null).FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await Player(caller => caller with { Packs = ["another"], Servers = ["another"] }).PostAsync(path, content: null).FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        await Player(caller => caller with { Packs = [slug], Servers = [slug] }).PostAsync(path, content: null).JsonAsync();
        await Player().PostAsync($"/api/v1/{kind}/no-such-thing/favorite", content: null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.Anonymous.GetAsync("/api/v1/me/favorites").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await Player(caller => caller with { Scopes = new HashSet<string>() }).GetAsync("/api/v1/me/favorites").FailsAsync(HttpStatusCode.Forbidden, "scope_required");
    }

    [Fact]
    public async Task Toggle_PrivatePack_OnlyItsOwner()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync(more: new { visibility = "private" });
        var path = $"/api/v1/packs/{slug}/favorite";
        await Player().PostAsync(path, content: null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.NewPublisher().Client.PostAsync(path, content: null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal((true, 1L), await ToggleAsync(publisher.Client, "packs", slug));
        Assert.Equal([slug], await MineAsync(publisher.Client, "packs"));
    }

    [Fact]
    public async Task List_WhatBecamePrivate_IsNotThere()
    {
        var publisher = api.NewPublisher();
        var (kept, hidden) = (await publisher.CreatePackAsync(), await publisher.CreatePackAsync());
        var player = Player();
        await ToggleAsync(player, "packs", kept);
        await ToggleAsync(player, "packs", hidden);
        Assert.Equal([hidden, kept], await MineAsync(player, "packs"));
        await api.ExecuteAsync("UPDATE packs SET visibility = 'private' WHERE slug = $1", hidden);
        Assert.Equal([kept], await MineAsync(player, "packs"));
        await api.ExecuteAsync("UPDATE packs SET visibility = 'deleted' WHERE slug = $1", kept);
        Assert.Empty(await MineAsync(player, "packs"));
    }

    [Fact]
    public async Task Servers_ByFavorites_ComeWithTheMostFirst()
    {
        var publisher = api.NewPublisher();
        var (few, many) = (await publisher.CreateServerAsync(), await publisher.CreateServerAsync());
        for (var i = 0; i < 40; i++) await ToggleAsync(Player(), "servers", many);
        for (var i = 0; i < 39; i++) await ToggleAsync(Player(), "servers", few);
        Assert.Equal([many, few], (await api.Anonymous.GetAsync("/api/v1/servers?sort=favorites&limit=2").JsonAsync()).Slugs("servers"));
    }

    private static Task<string> CreateAsync(Publisher publisher, string kind) => kind == "packs" ? publisher.CreatePackAsync() : publisher.CreateServerAsync();

    private HttpClient Player(Func<Caller, Caller>? change = null)
    {
        var caller = TestCallers.Token("player", Role.Player, Scopes.Favorites);
        return api.CreateClient(change?.Invoke(caller) ?? caller);
    }

    private static async Task<(bool Favorited, long Count)> ToggleAsync(HttpClient client, string kind, string slug)
    {
        var state = await client.PostAsync($"/api/v1/{kind}/{slug}/favorite", content: null).JsonAsync();
        return (state.GetProperty("favorited").GetBoolean(), state.GetProperty("count").GetInt64());
    }

    private static async Task<string[]> MineAsync(HttpClient client, string kind)
    {
        var mine = await client.GetAsync("/api/v1/me/favorites").JsonAsync();
        Assert.Equal(["packs", "servers"], mine.EnumerateObject().Select(member => member.Name));
        return [.. mine.GetProperty(kind).EnumerateArray().Select(slug => slug.GetString()!)];
    }
}
