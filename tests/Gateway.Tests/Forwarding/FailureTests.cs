using System.Net;
using System.Net.Sockets;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Forwarding;

public sealed class FailureTests(FailureTests.TwoReplicas api) : IClassFixture<FailureTests.TwoReplicas>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Forward_OneReplicaDead_IsServedByTheOther(string method)
    {
        for (var i = 0; i < 20; i++)
        {
            using var request = GatewayApi.Request(new HttpMethod(method), "/api/v1/packs");
            if (method == "POST") request.Content = new StringContent("a body");
            using var answer = await api.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Forward_AllReplicasDead_IsUnavailableAtOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            using var answer = await api.GetAsync("/api/v1/webhooks");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await GatewayApi.ErrorOf(answer));
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        using var other = await api.GetAsync("/api/v1/packs");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Forward_ReadThatBreaksOff_IsTriedOnAnotherReplica()
    {
        var calls = 0;
        var answers = api.Telemetry.Handler;
        api.Telemetry.Handler = context =>
        {
            if (Interlocked.Increment(ref calls) == 1) context.Abort();
            return Task.CompletedTask;
        };
        using var answer = await api.GetAsync("/api/v1/servers/a/metrics");
        api.Telemetry.Handler = answers;
        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, calls));
    }

    [Fact]
    public async Task Forward_ServiceBreaksOff_IsABadGatewayForAWriteThatIsNotRepeated()
    {
        var calls = 0;
        api.Telemetry.Handler = context =>
        {
            Interlocked.Increment(ref calls);
            context.Abort();
            return Task.CompletedTask;
        };
        using var request = GatewayApi.Request(HttpMethod.Post, "/api/v1/servers/a/heartbeat");
        request.Content = new StringContent("{}");
        using var answer = await api.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadGateway, "bad_gateway"), await GatewayApi.ErrorOf(answer));
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Forward_ServiceHangs_IsATimeout()
    {
        var release = new TaskCompletionSource();
        api.Identity.Backend.Handler = _ => release.Task;
        using var answer = await api.GetAsync("/api/v1/me");
        release.SetResult();
        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), await GatewayApi.ErrorOf(answer));
    }

    /// <summary>Catalog has a second replica, and Webhook its only ones, where nobody listens.</summary>
    public sealed class TwoReplicas : GatewayApi
    {
        private readonly List<Socket> deaf = [];

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["services:catalog:http:1"] = NobodyListens();
            settings["services:telemetry:http:1"] = settings["services:telemetry:http:0"]!.Replace("127.0.0.1", "localhost", StringComparison.Ordinal); // the same one twice
            settings["services:webhook:http:0"] = NobodyListens();
            settings["services:webhook:http:1"] = NobodyListens();
            settings["ReverseProxy:Clusters:identity:HttpRequest:ActivityTimeout"] = "00:00:00.500";
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            deaf.ForEach(socket => socket.Dispose());
        }

        /// <summary>A port that is taken, so that nobody else gets it, but not listened on: connections are refused.</summary>
        private string NobodyListens()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            deaf.Add(socket);
            return $"http://{socket.LocalEndPoint}";
        }
    }
}

public sealed class RecoveryTests(RecoveryTests.QuickReturn api) : IClassFixture<RecoveryTests.QuickReturn>
{
    [Fact]
    public async Task Forward_ServiceThatFailsItsProbes_LeavesTheRotationAndReturns()
    {
        api.Catalog.Probe = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await Wait.UntilAsync(async () => await StatusAsync() == HttpStatusCode.ServiceUnavailable, "the circuit opens");
        var before = api.Catalog.Arrivals.Count;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync());
        Assert.Equal(before, api.Catalog.Arrivals.Count);

        api.Catalog.Probe = _ => Task.CompletedTask;
        await Wait.UntilAsync(async () => await StatusAsync() == HttpStatusCode.OK, "the service is used again");
    }

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var answer = await api.GetAsync("/api/v1/packs");
        return answer.StatusCode;
    }

    public sealed class QuickReturn : GatewayApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["ReverseProxy:Clusters:catalog:HealthCheck:Active:Interval"] = "00:00:00.200";
        }
    }
}

/// <summary>A file of many gigabytes is put together of its parts for longer than anything else may take.</summary>
public sealed class AssemblyTimeTests(AssemblyTimeTests.ShortTempered api) : IClassFixture<AssemblyTimeTests.ShortTempered>
{
    [Fact]
    public async Task Forward_CompletionOfAnUpload_IsWaitedForWhenOthersAreNot()
    {
        var release = new TaskCompletionSource();
        api.Catalog.Handler = _ => release.Task;
        using var completion = GatewayApi.Request(HttpMethod.Post, "/api/v1/files/multipart/complete");
        completion.Content = new StringContent("{}");
        var completing = api.SendAsync(completion);
        await Wait.UntilAsync(() => api.Catalog.Of("/complete").Length == 1, "it is under way");
        using var other = await api.GetAsync("/api/v1/files/exists");
        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), await GatewayApi.ErrorOf(other));
        Assert.False(completing.IsCompleted);
        release.SetResult();
        using var answer = await completing;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public sealed class ShortTempered : GatewayApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["ReverseProxy:Clusters:catalog:HttpRequest:ActivityTimeout"] = "00:00:01";
        }
    }
}
