using System.Net;
using System.Text.Json;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests.Accounts;

public sealed class DeletedAccountsTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Property_OfAnAccount_IsWhatItsPlanCounts()
    {
        var publisher = api.NewPublisher();
        var path = $"/internal/accounts/{publisher.Caller.AccountId}/property";
        Assert.Equal("""{"packs":0,"servers":0}""", (await api.Anonymous.GetAsync(path).JsonAsync()).GetRawText());
        await publisher.CreatePackAsync(more: new { visibility = "private" });
        await publisher.Client.DeleteAsync($"/api/v1/packs/{await publisher.CreatePackAsync()}").SucceedsAsync();
        await publisher.CreateServerAsync();
        Assert.Equal("""{"packs":1,"servers":1}""", (await api.Anonymous.GetAsync(path).JsonAsync()).GetRawText());
    }

    [Fact]
    public async Task AccountChanged_WhenTheAccountWasDeleted_RevokesItsKeysAndTakesItFromTeamsAndCounts()
    {
        await using var revoked = await api.ObserveAsync<KeyRevoked>();
        var (owner, gone) = (api.NewPublisher(), api.NewPublisher());
        await gone.RegisterKeyAsync();
        await gone.Client.DeleteAsync($"/api/v1/packs/{await gone.CreatePackAsync()}").SucceedsAsync(); // so that the catalog knows the account
        var (pack, server) = (await owner.CreatePackAsync(), await owner.CreateServerAsync());
        await owner.Client.PostAsync($"/api/v1/packs/{pack}/members", new { username = gone.Caller.Username, role = "maintainer" }).SucceedsAsync(HttpStatusCode.Created);
        await owner.Client.PostAsync($"/api/v1/packs/{pack}/transfer", new { username = gone.Caller.Username }).SucceedsAsync(HttpStatusCode.Created);
        foreach (var client in new[] { owner.Client, gone.Client })
        {
            await client.PostAsync($"/api/v1/packs/{pack}/favorite", null).SucceedsAsync(HttpStatusCode.OK);
            await client.PostAsync($"/api/v1/servers/{server}/favorite", null).SucceedsAsync(HttpStatusCode.OK);
        }

        var account = gone.Caller;
        for (var again = 0; again < 2; again++) // a redelivered event changes nothing more
            await api.PublishAsync(new AccountChanged(Guid.NewGuid(), DateTimeOffset.UnixEpoch, account.AccountId, 7, account.Username, "Deleted account", "player", "free", Deleted: true));

        await revoked.FirstAsync(told => told.KeyId == gone.KeyId.ToString() && told.OwnerId == account.AccountId);
        Assert.NotEqual(JsonValueKind.Null, (await api.Anonymous.GetAsync($"/api/v1/keys/{gone.KeyId}").JsonAsync()).GetProperty("revokedAt").ValueKind);
        var page = await owner.Client.GetAsync($"/api/v1/packs/{pack}").JsonAsync();
        Assert.Equal(owner.Caller.Username, Assert.Single(page.GetProperty("team").EnumerateArray()).GetProperty("username").GetString());
        Assert.Equal(1, page.GetProperty("favoriteCount").GetInt64());
        Assert.Equal(1, (await api.Anonymous.GetAsync($"/api/v1/servers/{server}").JsonAsync()).GetProperty("favoriteCount").GetInt64());
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM pack_transfers WHERE receiver_id = $1", account.AccountId));
    }
}
