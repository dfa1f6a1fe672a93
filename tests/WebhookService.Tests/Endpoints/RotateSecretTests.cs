using System.Net;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Tests.Deliveries;

namespace PackRelay.WebhookService.Tests.Endpoints;

public sealed class RotateSecretTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Rotate_Once_SignsWithTheNewSecretAndForADayWithTheOldOneToo()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var old = await WebhookApi.CreateAsync(owner, receiver.Url);

        using var answer = await owner.Client.PostAsync(new Uri($"{WebhookApi.Routes}/{old.Id}/rotate-secret", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await answer.ReadJsonAsync();
        Assert.Equal(["secret", "previousSecretExpiresAt"], json.Members());
        var secret = json.GetProperty("secret").GetString()!;
        Assert.NotEqual(old.Secret, secret);
        Assert.Equal(api.Clock.GetUtcNow().AddHours(24), json.GetProperty("previousSecretExpiresAt").GetDateTimeOffset());

        await WebhookApi.PingAsync(owner, old);
        var during = await receiver.FirstAsync();
        Assert.Equal((true, 0), await NodeVerifier.VerifyAsync(secret, during.Headers, during.Body));
        Assert.Equal((false, 1), await NodeVerifier.VerifyAsync(old.Secret, during.Headers, during.Body));

        api.Clock.Advance(TimeSpan.FromHours(24));
        await WebhookApi.PingAsync(owner, old);
        var after = (await receiver.CountAsync(2))[1];
        Assert.Equal((true, 0), await NodeVerifier.VerifyAsync(secret, after.Headers, after.Body));
        Assert.Equal((false, -1), await NodeVerifier.VerifyAsync(old.Secret, after.Headers, after.Body));
    }
}
