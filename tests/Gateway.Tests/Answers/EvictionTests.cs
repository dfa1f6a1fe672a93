using System.Net;
using Microsoft.AspNetCore.Http;
using PackRelay.Contracts;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Answers;

/// <summary>Two gateways on one broker: what changes goes from the memory of both.</summary>
public sealed class EvictionTests(EvictionTests.TwoGateways api) : IClassFixture<EvictionTests.TwoGateways>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> PackEvents => new()
    {
        { nameof(PackChanged), "/api/v1/packs/{0}/manifest/1.0.0" },
        { nameof(PackRemoved), "/api/v1/packs/{0}/manifest/1.0.0" },
        { nameof(PackVersionPublished), "/api/v1/packs/{0}/manifest" },
        { nameof(PackVersionWithdrawn), "/api/v1/packs/{0}/manifest/1.0.0" },
        { nameof(PackChanged), "/api/v1/packs/{0}" },
        { nameof(PackChanged), "/api/v1/packs?q={0}" },
        { nameof(PackVersionPublished), "/api/v1/packs/{0}/versions" },
        { nameof(PackVersionPublished), "/api/v1/servers?pack={0}" },
        { nameof(ServerChanged), "/api/v1/servers/{0}" },
        { nameof(ServerRemoved), "/api/v1/servers/{0}/manifest" },
        { nameof(ServerChanged), "/api/v1/servers?q={0}" },
        { nameof(ServerListsChanged), "/api/v1/servers?q={0}" },
        { nameof(ServerListsChanged), "/api/v1/servers/{0}" },
        { nameof(ServerListsChanged), "/api/v1/servers/{0}/badge.svg" },
        { nameof(KeyRevoked), "/api/v1/keys/{0}%2Fmain" },
        { nameof(KeyRevoked), "/api/v1/keys/{0}/main" },
    };

    [Theory]
    [MemberData(nameof(PackEvents))]
    public async Task Event_AboutWhatIsKept_DropsItInBothGateways(string kind, string pattern)
    {
        var name = GatewayApi.NewName();
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, name);
        var asked = 0;
        var gateways = (CatalogAnswers[])[api, api.Second];
        foreach (var gateway in gateways)
        {
            gateway.Answer(path.Split('?')[0], context =>
            {
                if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Contains(name, StringComparison.Ordinal)) Interlocked.Increment(ref asked);
                context.Response.ContentType = "application/json";
                context.Response.Headers.CacheControl = "public, max-age=60";
                return context.Response.WriteAsync("{}");
            });
            await gateway.ReadAsync(path);
            await gateway.ReadAsync(path);
        }

        Assert.Equal(2, asked); // once by each
        await PublishAsync(kind, name);
        foreach (var gateway in gateways)
        {
            var before = gateway.Catalog.Of(name).Length;
            await Wait.UntilAsync(
                async () =>
                {
                    await gateway.ReadAsync(path);
                    return gateway.Catalog.Of(name).Length > before;
                },
                $"{path} is asked for again after {kind}");
        }
    }

    [Fact]
    public async Task Event_AboutAnother_DropsNothing()
    {
        var (slug, path) = api.NewManifest();
        var (other, otherPath) = api.NewManifest();
        await api.ReadAsync(path);
        await api.ReadAsync(otherPath);
        await PublishAsync(nameof(PackChanged), other);
        await Wait.UntilAsync(
            async () =>
            {
                await api.ReadAsync(otherPath);
                return api.Catalog.Of(other).Length > 1;
            },
            "the event has been heard");
        await api.ReadAsync(path);
        Assert.Single(api.Catalog.Of(slug));
    }

    [Theory]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/versions")]
    [InlineData("POST", "/versions/1.0.0/withdraw")]
    public async Task Change_ThroughThisGateway_IsSeenByTheNextRead(string method, string below)
    {
        var (slug, path) = api.NewManifest();
        await api.ReadAsync(path);
        api.Answer($"/api/v1/packs/{slug}{below}", context =>
        {
            context.Response.StatusCode = 201;
            return Task.CompletedTask;
        });
        (await api.SendAsync(GatewayApi.Request(new HttpMethod(method), $"/api/v1/packs/{slug}{below}"))).Dispose();

        api.Answer(path, "{\"new\":true}", CatalogAnswers.Immutable);
        Assert.Equal("{\"new\":true}", await api.ReadAsync(path));
    }

    [Fact]
    public async Task Change_ThatWasRefused_DropsNothing()
    {
        var (slug, path) = api.NewManifest();
        await api.ReadAsync(path);
        api.Answer($"/api/v1/packs/{slug}", "{\"error\":\"no\",\"code\":\"forbidden\"}", status: 403);
        (await api.SendAsync(GatewayApi.Request(HttpMethod.Patch, $"/api/v1/packs/{slug}"))).Dispose();
        await api.ReadAsync(path);
        Assert.Single(api.Catalog.Of(slug), arrival => arrival.Method == "GET");
    }

    [Fact]
    public async Task Change_WhileAnAnswerIsUnderWay_LeavesNothingOldBehind()
    {
        var (slug, path) = api.NewManifest();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Answer(path, async context =>
        {
            await gate.Task.WaitAsync(TimeSpan.FromSeconds(60));
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = CatalogAnswers.Immutable;
            await context.Response.WriteAsync("{\"old\":true}");
        });
        var early = api.ReadAsync(path);
        await Wait.UntilAsync(() => api.Catalog.Of(slug).Length == 1, "the service is asked");

        (await api.SendAsync(GatewayApi.Request(HttpMethod.Delete, $"/api/v1/packs/{slug}"))).Dispose();
        api.Answer(path, "{\"new\":true}", CatalogAnswers.Immutable);
        Assert.Equal("{\"new\":true}", await api.ReadAsync(path)); // does not wait for the old one
        gate.SetResult();
        Assert.Equal("{\"old\":true}", await early); // was asked for before the change
        Assert.Equal("{\"new\":true}", await api.ReadAsync(path));
    }

    [Fact]
    public async Task Revocation_OfAToken_IsHeardByBothGateways()
    {
        var (token, caller) = api.Identity.NewToken();
        var gateways = (CatalogAnswers[])[api, api.Second];
        foreach (var gateway in gateways)
        {
            gateway.Identity.Know(token, caller);
            (await gateway.GetAsync("/api/v1/me", token)).Dispose();
            gateway.Identity.Forget(token);
            using var kept = await gateway.GetAsync("/api/v1/me", token);
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        }

        await api.PublishAsync(new TokenRevoked(Guid.NewGuid(), Now, caller.CredentialId, caller.AccountId));
        foreach (var gateway in gateways)
        {
            await Wait.UntilAsync(
                async () =>
                {
                    using var answer = await gateway.GetAsync("/api/v1/me", token);
                    return answer.StatusCode == HttpStatusCode.Unauthorized;
                },
                "the token is refused");
        }
    }

    private Task PublishAsync(string kind, string name)
    {
        var id = Guid.NewGuid();
        return kind switch
        {
            nameof(PackChanged) => api.PublishAsync(new PackChanged(id, Now, name, 2, Created: false, id, name, "7d2d", "private", null)),
            nameof(PackRemoved) => api.PublishAsync(new PackRemoved(id, Now, name, 2, id, name)),
            nameof(PackVersionPublished) => api.PublishAsync(new PackVersionPublished(
                id, Now, name, 2, id, "public", name, "1.0.0", "p", "7d2d", "1", "2026-01-02T03:04:05Z", 1, 1, new string('0', 64), "p/main")),
            nameof(PackVersionWithdrawn) => api.PublishAsync(new PackVersionWithdrawn(id, Now, name, 2, id, "1.0.0", "bad", null)),
            nameof(ServerChanged) => api.PublishAsync(new ServerChanged(id, Now, id, name, 2, ServerChange.Updated, id, name, "eu", "7d2d", 1, null, Now)),
            nameof(ServerListsChanged) => api.PublishAsync(new ServerListsChanged(id, Now)),
            nameof(ServerRemoved) => api.PublishAsync(new ServerRemoved(id, Now, id, name, 2, id, name)),
            _ => api.PublishAsync(new KeyRevoked(id, Now, $"{name}/main", id)),
        };
    }

    /// <summary>The first keeps lists for long, so that only events can be what drops them; the second as shipped in one test, the same in the others.</summary>
    public sealed class TwoGateways : CatalogAnswers
    {
        private const string LongLife = "00:01:00";

        private string broker = "";

        private string redis = "";

        public CatalogAnswers Second { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            Second = new Other(this);
            await Second.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await Second.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Gateway:Cache:ListLifetime"] = LongLife;
            (broker, redis) = (settings["ConnectionStrings:messaging"]!, settings["ConnectionStrings:cache"]!);
        }

        private sealed class Other(TwoGateways first) : CatalogAnswers
        {
            protected override void Configure(IDictionary<string, string?> settings)
            {
                base.Configure(settings);
                settings["Gateway:Cache:ListLifetime"] = LongLife;
                settings["ConnectionStrings:messaging"] = first.broker;
                settings["ConnectionStrings:cache"] = first.redis;
            }
        }
    }
}
