using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Targets;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A service whose name server never answers for some names.</summary>
public sealed class SlowNamesWebhookApi : WebhookApi
{
    private int asked;

    /// <summary>How many names have been asked for that nobody answers for.</summary>
    public int Asked => Volatile.Read(ref asked);

    protected override void ReplaceServices(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<HostResolver>(async (host, stop) =>
    {
        if (host.EndsWith(".slow.example", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        }

        return [IPAddress.Loopback];
    }));
}

/// <summary>Receivers that do what receivers must not do: each ends its own attempt and nothing else.</summary>
public sealed class MisbehavingReceiverTests(SlowNamesWebhookApi api) : IClassFixture<SlowNamesWebhookApi>
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    [Fact]
    public async Task Answer_ThatDrips_EndsWithTheTimeLimit()
    {
        await using var receiver = RawReceiver.StartAfterRequest(async (socket, stop) =>
        {
            await SendAsync(socket, Ok + "Content-Length: 1000000\r\n\r\n", stop);
            while (true)
            {
                await SendAsync(socket, ".", stop);
                await Task.Delay(TimeSpan.FromMilliseconds(10), stop);
            }
        });

        var attempt = await AttemptThatTimesOutAsync(receiver);

        Assert.Equal("no complete answer within 15 s", attempt.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Head_ThatNeverEnds_EndsWithTheTimeLimit()
    {
        await using var receiver = RawReceiver.StartAfterRequest(async (socket, stop) =>
        {
            while (true)
            {
                await SendAsync(socket, "HTTP/1.1 100 Continue\r\n\r\n", stop);
                await Task.Delay(TimeSpan.FromMilliseconds(10), stop);
            }
        });

        Assert.Equal("no complete answer within 15 s", (await AttemptThatTimesOutAsync(receiver)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Handshake_ThatNeverEnds_EndsWithTheTimeLimit()
    {
        await using var receiver = RawReceiver.Start((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop));

        Assert.Equal("no complete answer within 15 s", (await AttemptThatTimesOutAsync(receiver, "https")).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_OfAGigabyte_IsCutOffAfter64Kilobytes(bool chunked)
    {
        const int Chunk = 64 * 1024;
        var taken = new TaskCompletionSource<long>();
        await using var receiver = RawReceiver.StartAfterRequest(async (socket, stop) =>
        {
            var sent = 0L;
            try
            {
                await SendAsync(socket, chunked ? Ok + "Transfer-Encoding: chunked\r\n\r\n40000000\r\n" : Ok + "Content-Length: 1073741824\r\n\r\n", stop);
                var bytes = new byte[Chunk];
                bytes.AsSpan().Fill((byte)'a');
                for (; sent < 1L << 30; sent += Chunk) await socket.SendAsync(bytes, stop);
            }
            finally
            {
                taken.SetResult(sent);
            }
        });

        var delivery = await AttemptAsync(receiver.Url());

        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.Equal(4096, delivery.GetProperty("attempts")[0].GetProperty("responseBody").GetString()!.Length);
        Assert.InRange(await taken.Task.WaitAsync(Testing.Wait.Default), 0, 16 << 20); // what the two sockets' buffers hold; nobody read more of it
    }

    [Fact]
    public async Task Answer_OfARedirect_IsAFailureAndNotFollowed()
    {
        await using var inner = await WebhookReceiver.StartAsync();
        await using var outer = await WebhookReceiver.StartAsync();
        foreach (var status in new[] { 301, 302, 303, 307, 308 })
        {
            outer.AnswerNext(new ReceiverAnswer((HttpStatusCode)status, Headers: new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = inner.Url.ToString() }));

            var delivery = await AttemptAsync(outer.Url);

            Assert.Equal(("pending", status), (delivery.GetProperty("status").GetString(), delivery.GetProperty("lastStatusCode").GetInt32()));
            Assert.Equal("answered with a redirect, which is not followed", delivery.GetProperty("attempts")[0].GetProperty("error").GetString());
        }

        Assert.Empty(inner.Received);
    }

    [Fact]
    public async Task Connection_ThatIsReset_IsAFailure()
    {
        await using var receiver = RawReceiver.StartAfterRequest((socket, _) =>
        {
            socket.LingerState = new LingerOption(true, 0); // closing sends RST
            return Task.CompletedTask;
        });

        Assert.Contains(await ErrorAsync(receiver.Url()), new[] { "the connection broke off", "the connection was closed without an answer" });
    }

    [Fact]
    public async Task Connection_ThatIsClosedAmidTheBody_IsAFailure()
    {
        await using var receiver = RawReceiver.StartAfterRequest((socket, stop) => SendAsync(socket, Ok + "Content-Length: 100\r\n\r\nten bytes.", stop));

        Assert.Equal("the answer broke off", await ErrorAsync(receiver.Url()));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", "the answer is not valid HTTP")]
    [InlineData("", "the connection was closed without an answer")]
    public async Task Answer_ThatIsNoHttp_IsAFailure(string answer, string error)
    {
        await using var receiver = RawReceiver.StartAfterRequest((socket, stop) => SendAsync(socket, answer, stop));

        Assert.Equal(error, await ErrorAsync(receiver.Url()));
    }

    [Fact]
    public async Task Answer_WithEndlessHeaders_IsAFailure()
    {
        await using var receiver = RawReceiver.StartAfterRequest(async (socket, stop) =>
        {
            await SendAsync(socket, Ok, stop);
            while (true) await SendAsync(socket, $"X-More: {new string('a', 1_000)}\r\n", stop);
        });

        Assert.Equal("the answer's headers are too long", await ErrorAsync(receiver.Url()));
    }

    [Fact]
    public async Task Handshake_OfGarbage_IsAFailure()
    {
        await using var receiver = RawReceiver.Start(async (socket, stop) =>
        {
            var hello = new byte[4096];
            await socket.ReceiveAsync(hello, stop);
            new Random(7).NextBytes(hello);
            await socket.SendAsync(hello, stop);
        });

        Assert.Contains("TLS", await ErrorAsync(receiver.Url("https")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_ThatNobodyAnswersFor_TimeOutAndDelayNobodyElse()
    {
        await using var prompt = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var slow = new List<(Hook Hook, Guid Delivery)>();
        for (var i = 0; i < 10; i++)
        {
            var hook = await WebhookApi.CreateAsync(owner, new Uri($"https://a{i}.slow.example/"));
            slow.Add((hook, await WebhookApi.PingAsync(owner, hook)));
        }

        var quick = await WebhookApi.CreateAsync(owner, new UriBuilder(prompt.Url) { Host = "quick.example" }.Uri);
        await WebhookApi.AttemptsAsync(owner, quick, await WebhookApi.PingAsync(owner, quick), 1);
        await Testing.Wait.UntilAsync(() => api.Asked == 10, "all are under way");
        api.Clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Single(prompt.Received);
        foreach (var (hook, delivery) in slow)
        {
            var attempt = (await WebhookApi.AttemptsAsync(owner, hook, delivery, 1)).GetProperty("attempts")[0];
            Assert.Equal("no complete answer within 15 s", attempt.GetProperty("error").GetString());
        }
    }

    private static async Task SendAsync(Socket socket, string text, CancellationToken stop) => await socket.SendAsync(Encoding.Latin1.GetBytes(text), stop);

    private async Task<string?> ErrorAsync(Uri url)
    {
        var delivery = await AttemptAsync(url);
        Assert.Equal("pending", delivery.GetProperty("status").GetString());
        return delivery.GetProperty("attempts")[0].GetProperty("error").GetString();
    }

    /// <summary>Pings, and gives the delivery after its first attempt.</summary>
    private async Task<JsonElement> AttemptAsync(Uri url)
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, url);
        return await WebhookApi.AttemptsAsync(owner, hook, await WebhookApi.PingAsync(owner, hook), 1);
    }

    /// <summary>Pings, lets the time limit pass when the receiver is connected to, and gives the attempt.</summary>
    private async Task<JsonElement> AttemptThatTimesOutAsync(RawReceiver receiver, string scheme = "http")
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url(scheme));
        var deliveryId = await WebhookApi.PingAsync(owner, hook);
        await Testing.Wait.UntilAsync(() => receiver.Connections > 0, "the receiver is connected to");
        api.Clock.Advance(TimeSpan.FromSeconds(15));
        return (await WebhookApi.AttemptsAsync(owner, hook, deliveryId, 1)).GetProperty("attempts")[0];
    }
}
