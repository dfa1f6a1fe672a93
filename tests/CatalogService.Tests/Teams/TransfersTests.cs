using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Teams;

public sealed class TransfersTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Accept_OpenOffer_MakesTheReceiverTheOwner()
    {
        await using var events = await api.ObserveAsync<PackChanged>();
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.PublishPackAsync("1.0.0");
        var path = $"/api/v1/packs/{slug}";
        var offer = await owner.Client.PostAsync($"{path}/transfer", new { username = receiver.Caller.Username }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal((slug, owner.Caller.Username, receiver.Caller.Username), (Text(offer, "slug"), Text(offer, "from"), Text(offer, "to")));
        Assert.Equal(TimeSpan.FromDays(7), offer.GetProperty("expiresAt").GetDateTimeOffset() - offer.GetProperty("offeredAt").GetDateTimeOffset());

        var incoming = await receiver.Client.GetAsync("/api/v1/me/transfers").JsonAsync();
        Assert.Equal(offer.GetRawText(), Assert.Single(incoming.GetProperty("transfers").EnumerateArray()).GetRawText());
        Assert.Equal(receiver.Caller.Username, Text((await owner.Client.GetAsync($"{path}/members").JsonAsync()).GetProperty("transfer"), "username"));
        await receiver.Client.PostAsync($"{path}/withdraw", new { }).SucceedsAsync(HttpStatusCode.NotFound); // an offer alone gives nothing

        var page = await receiver.Client.PostAsync($"{path}/transfer/accept", null).JsonAsync();
        Assert.Equal(receiver.Caller.DisplayName, Text(page, "publisherName"));
        Assert.Equal(
            [$"{receiver.Caller.Username}:owner", $"{owner.Caller.Username}:maintainer"],
            page.GetProperty("team").EnumerateArray().Select(one => $"{Text(one, "username")}:{Text(one, "role")}"));
        var changed = await events.FirstAsync(found => found.Slug == slug && found.OwnerId == receiver.Caller.AccountId);
        Assert.Equal((3L, "1.0.0"), (changed.Revision, changed.LatestVersion));
        Assert.Empty((await receiver.Client.GetAsync("/api/v1/me/transfers").JsonAsync()).GetProperty("transfers").EnumerateArray());
        await receiver.Client.PostAsync($"{path}/transfer/accept", null).FailsAsync(HttpStatusCode.NotFound, "not_found");

        await owner.Client.PostAsync($"{path}/transfer", new { username = owner.Caller.Username }).FailsAsync(HttpStatusCode.Forbidden, "not_owner"); // it was the owner's to give once
        await owner.PublishAsync(slug, "2.0.0"); // a maintainer now
        await owner.Client.DeleteAsync($"{path}/members/{owner.Caller.Username}").SucceedsAsync();
        await owner.SendAsync(slug, owner.Sign(owner.Draft(slug, "3.0.0", await owner.UploadAsync()))).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
    }

    [Fact]
    public async Task List_WithARestrictedToken_HasOnlyItsPacks()
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var (one, other) = (await owner.CreatePackAsync(), await owner.CreatePackAsync());
        await OfferAsync(owner, one, receiver);
        await OfferAsync(owner, other, receiver);
        var restricted = receiver.ClientWith(caller => caller with { Packs = [other] });
        Assert.Equal([other], (await restricted.GetAsync("/api/v1/me/transfers").JsonAsync()).Slugs("transfers"));
        Assert.Equal(2, (await receiver.Client.GetAsync("/api/v1/me/transfers").JsonAsync()).Slugs("transfers").Length);
    }

    [Fact]
    public async Task Accept_ByAMember_LeavesOneEntryOfEach()
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync(more: new { visibility = "private" });
        await owner.Client.PostAsync($"/api/v1/packs/{slug}/members", new { username = receiver.Caller.Username, role = "publisher" }).SucceedsAsync(HttpStatusCode.Created);
        await OfferAsync(owner, slug, receiver);
        var page = await receiver.Client.PostAsync($"/api/v1/packs/{slug}/transfer/accept", null).JsonAsync();
        Assert.Equal(["owner", "maintainer"], page.GetProperty("team").EnumerateArray().Select(one => Text(one, "role")));
    }

    [Fact]
    public async Task Accept_WithoutRoomInThePlan_IsRefusedAndTheOfferStands()
    {
        var owner = api.NewPublisher();
        var receiver = await NewAccountAsync(caller => caller with { Plan = "free" });
        for (var number = 0; number < 10; number++) await receiver.CreatePackAsync();
        var slug = await owner.CreatePackAsync();
        await OfferAsync(owner, slug, receiver);
        await receiver.Client.PostAsync($"/api/v1/packs/{slug}/transfer/accept", null).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
        await receiver.ClientWith(caller => caller with { Plan = "pro" }).PostAsync($"/api/v1/packs/{slug}/transfer/accept", null).JsonAsync();
    }

    [Fact]
    public async Task Accept_TwiceAtOnce_HandsOverOnce()
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync();
        await OfferAsync(owner, slug, receiver);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await receiver.Client.PostAsync($"/api/v1/packs/{slug}/transfer/accept", null);
            return response.StatusCode;
        }));
        Assert.Equal((1, 7), (answers.Count(status => status == HttpStatusCode.OK), answers.Count(status => status == HttpStatusCode.NotFound)));
    }

    [Fact]
    public async Task Accept_LapsedOffer_IsNotThereAnyMore()
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync();
        await OfferAsync(owner, slug, receiver);
        await api.ExecuteAsync("UPDATE pack_transfers t SET expires_at = now() FROM packs p WHERE p.id = t.pack_id AND p.slug = $1", slug);
        await receiver.Client.PostAsync($"/api/v1/packs/{slug}/transfer/accept", null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await receiver.Client.GetAsync("/api/v1/me/transfers").JsonAsync()).GetProperty("transfers").EnumerateArray());
        await owner.Client.DeleteAsync($"/api/v1/packs/{slug}/transfer").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task End_ByEitherSide_TheOfferIsGone()
    {
        var (owner, receiver, other) = (api.NewPublisher(), await NewAccountAsync(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync();
        var path = $"/api/v1/packs/{slug}/transfer";
        await OfferAsync(owner, slug, receiver);
        await other.Client.PostAsync($"{path}/decline", null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await receiver.Client.PostAsync($"{path}/decline", null).SucceedsAsync();
        await receiver.Client.PostAsync($"{path}/accept", null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await OfferAsync(owner, slug, receiver);
        await owner.Client.DeleteAsync(path).SucceedsAsync();
        await receiver.Client.PostAsync($"{path}/accept", null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await OfferAsync(owner, slug, receiver);
        await OfferAsync(owner, slug, other); // replaces it
        await receiver.Client.PostAsync($"{path}/accept", null).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await other.Client.PostAsync($"{path}/accept", null).JsonAsync();
    }

    [Theory]
    [InlineData("""{"username":"nobody-at-all"}""", HttpStatusCode.NotFound, "not_found")]
    [InlineData("""{"username":"$owner"}""", HttpStatusCode.BadRequest, "invalid_username")]
    [InlineData("{}", HttpStatusCode.BadRequest, "invalid_json")]
    public async Task Offer_BadBody_IsRefused(string body, HttpStatusCode status, string code)
    {
        var owner = api.NewPublisher();
        var slug = await owner.CreatePackAsync();
        await owner.Client.PostTextAsync($"/api/v1/packs/{slug}/transfer", body.Replace("$owner", owner.Caller.Username, StringComparison.Ordinal)).FailsAsync(status, code);
    }

    [Fact]
    public async Task List_SeveralOffers_IsPaged()
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var slugs = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            slugs.Add(await owner.CreatePackAsync());
            await OfferAsync(owner, slugs[^1], receiver);
        }

        var first = await receiver.Client.GetAsync("/api/v1/me/transfers?limit=2").JsonAsync();
        var second = await receiver.Client.GetAsync($"/api/v1/me/transfers?limit=2&cursor={Text(first, "nextCursor")}").JsonAsync();
        Assert.Equal(slugs.AsEnumerable().Reverse(), first.Slugs("transfers").Concat(second.Slugs("transfers")));
    }

    [Fact]
    public async Task List_WithATokenForAnotherPack_ShowsNoOffer()
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync(more: new { visibility = "private" });
        await OfferAsync(owner, slug, receiver);
        foreach (var (pack, offers) in new[] { ("another", Array.Empty<string>()), (slug, [slug]) })
        {
            var token = receiver.ClientWith(caller => caller with { Packs = [pack] });
            Assert.Equal(offers, (await token.GetAsync("/api/v1/me/transfers").JsonAsync()).Slugs("transfers"));
        }
    }

    [Theory]
    [InlineData("public")]
    [InlineData("unlisted")]
    [InlineData("private")]
    public async Task Accept_WhateverTheVisibility_LeavesTheGiversTokenForThatPackWhatTheGiverMay(string visibility)
    {
        var (owner, receiver) = (api.NewPublisher(), await NewAccountAsync());
        await owner.RegisterKeyAsync();
        var slug = await owner.CreatePackAsync(more: new { visibility });
        await owner.PublishAsync(slug, "1.0.0");
        using var token = owner.ClientWith(caller => caller with { Packs = [slug] });
        var path = $"/api/v1/packs/{slug}";
        await token.GetAsync($"{path}/members").JsonAsync();
        await OfferAsync(owner, slug, receiver);
        await receiver.Client.PostAsync($"{path}/transfer/accept", null).JsonAsync();

        // A maintainer now, and no more.
        await token.PatchAsJsonAsync(path, new { summary = "still" }).JsonAsync();
        foreach (var (method, route) in new[] { ("DELETE", ""), ("POST", "/members"), ("DELETE", "/members/nobody"), ("POST", "/transfer"), ("DELETE", "/transfer") })
            await SendAsync(token, method, path + route).FailsAsync(HttpStatusCode.Forbidden, "not_owner");

        await receiver.Client.DeleteAsync($"{path}/members/{owner.Caller.Username}").SucceedsAsync();
        var (status, code) = visibility == "private" ? (HttpStatusCode.NotFound, "not_found") : (HttpStatusCode.Forbidden, "not_owner");
        string[] changes = ["PATCH ", "DELETE ", "GET /members", "POST /members", "POST /transfer", "POST /versions", "PATCH /versions/1.0.0", "POST /versions/1.0.0/withdraw", "DELETE /versions/1.0.0/withdraw"];
        foreach (var change in changes.Select(change => change.Split(' ')))
            await SendAsync(token, change[0], path + change[1]).FailsAsync(status, code);
        if (visibility != "private") return;
        foreach (var read in new[] { "", "/versions", "/versions/1.0.0", "/manifest", "/manifest/1.0.0", "/diff?from=1.0.0&to=1.0.0", "/download" })
            await token.GetAsync(path + read).FailsAsync(status, code);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path) =>
        client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "GET" ? null : JsonContent.Create(new { }) });

    private async Task<Publisher> NewAccountAsync(Func<Caller, Caller>? change = null)
    {
        var account = api.NewPublisher(change: change);
        await api.ExecuteAsync(
            "INSERT INTO accounts (id, username, display_name, revision) VALUES ($1, $2, $2, 1)", account.Caller.AccountId, account.Caller.Username);
        return account;
    }

    private static Task OfferAsync(Publisher owner, string slug, Publisher receiver) =>
        owner.Client.PostAsync($"/api/v1/packs/{slug}/transfer", new { username = receiver.Caller.Username }).SucceedsAsync(HttpStatusCode.Created);

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
