using System.Net;
using PackRelay.Testing.Http;

namespace PackRelay.Testing.Tests.Http;

public sealed class WebhookReceiverTests
{
    [Fact]
    public async Task Receive_KeepsBodyAndHeadersAndAnswersAsTold()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerNext(new ReceiverAnswer(HttpStatusCode.ServiceUnavailable, "later", Headers: new Dictionary<string, string> { ["Retry-After"] = "2" }));
        using var http = new HttpClient();
        using var content = new ByteArrayContent([0, 255, 13, 10]);
        content.Headers.TryAddWithoutValidation("X-Test", "a");
        using var refused = await http.PostAsync(new Uri(receiver.Url, "hook?x=1"), content);
        using var taken = await http.GetAsync(receiver.Url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("2", refused.Headers.RetryAfter!.ToString());
        Assert.Equal("later", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        var all = await receiver.CountAsync(2);
        Assert.Equal(("POST", "/hook?x=1"), (all[0].Method, all[0].Target));
        Assert.Equal([0, 255, 13, 10], all[0].Body);
        Assert.Equal("a", all[0].Headers["x-test"]);
    }

    [Fact]
    public async Task Dispose_WithAnAnswerStillHeldBack_DoesNotWaitForIt()
    {
        var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerNext(new ReceiverAnswer(HttpStatusCode.OK, Delay: TimeSpan.FromMinutes(10)));
        using var http = new HttpClient();
        var held = http.GetAsync(receiver.Url);
        await receiver.FirstAsync();
        await receiver.DisposeAsync().AsTask().WaitAsync(Wait.Default);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => held);
    }
}
