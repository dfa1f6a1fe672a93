using System.Text.Json;
using System.Net.Http.Json;
using PackRelay.Contracts;

namespace PackRelay.WebhookService.Tests.Endpoints;

public sealed class DeletedAccountTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task AccountChanged_WhenTheAccountWasDeleted_RemovesItsWebhooksOnly()
    {
        var (gone, stays) = (api.NewOwner(), api.NewOwner());
        foreach (var owner in new[] { gone, stays }) await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/hook"));
        await api.PublishAsync(Changed(stays.Caller.AccountId, deleted: false));
        await api.PublishAsync(Changed(gone.Caller.AccountId, deleted: true));
        await api.WaitUntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM endpoints WHERE account_id = $1", gone.Caller.AccountId) == 0, TimeSpan.FromSeconds(20), "the webhook is removed");
        Assert.Single((await stays.Client.GetFromJsonAsync<JsonElement>(WebhookApi.Routes)).GetProperty("webhooks").EnumerateArray());
    }

    private static AccountChanged Changed(Guid accountId, bool deleted) =>
        new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, accountId, 2, "somebody", "Somebody", "player", "free", deleted);
}
