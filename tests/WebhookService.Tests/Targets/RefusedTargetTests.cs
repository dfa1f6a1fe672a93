using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace PackRelay.WebhookService.Tests.Targets;

/// <summary>A service whose operator allowed no networks.</summary>
public sealed class StrictWebhookApi : WebhookApi
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings.Remove("Webhooks:AllowedNetworks");
    }
}

public sealed class RefusedTargetTests(StrictWebhookApi api) : IClassFixture<StrictWebhookApi>
{
    [Theory]
    [MemberData(nameof(TargetRulesTests.HiddenAddresses), MemberType = typeof(TargetRulesTests))]
    public async Task Create_WithAnAddressThatIsNotPublic_Is400(string url)
    {
        using var answer = await api.NewOwner().Client.PostAsJsonAsync(WebhookApi.Routes, new { url, events = new[] { "*" } });

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_url");
    }

    [Fact]
    public async Task Deliver_ToANameOfThisMachine_SendsNotOneByte()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        var delivery = await WebhookApi.AttemptsAsync(owner, hook, await WebhookApi.PingAsync(owner, hook), 1);

        Assert.False(listener.Pending());
        Assert.Equal("the host has no address on the public internet", delivery.GetProperty("attempts")[0].GetProperty("error").GetString());
        Assert.Equal("pending", delivery.GetProperty("status").GetString());
    }
}
