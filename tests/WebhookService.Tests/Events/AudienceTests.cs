using PackRelay.Contracts;
using PackRelay.Testing.Http;

namespace PackRelay.WebhookService.Tests.Events;

/// <summary>Who is told of what.</summary>
public sealed class AudienceTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Event_OfOneAccount_IsToldToItsListeningWebhooksAlone()
    {
        var (owner, other) = (api.NewOwner(), api.NewOwner());
        await using var receiver = await WebhookReceiver.StartAsync();
        await CreateAsync(owner, receiver, "all", ["*"]);
        await CreateAsync(owner, receiver, "named", ["server.online", "pack.version_published"]);
        await CreateAsync(owner, receiver, "deaf", ["server.online"]);
        await CreateAsync(owner, receiver, "this-pack", ["*"], packs: ["vector-one"]);
        await CreateAsync(owner, receiver, "other-pack", ["*"], packs: ["vector-two"]);
        await CreateAsync(owner, receiver, "a-server", ["*"], servers: ["alpha"]); // bears on events of servers only
        await CreateAsync(other, receiver, "stranger", ["*"]);

        await api.PublishAsync(api.Published(owner.Id));

        await AssertToldAsync(receiver, "a-server", "all", "named", "this-pack");
    }

    [Fact]
    public async Task ServerEvent_WithFilters_IsToldByTheServersFilter()
    {
        var owner = api.NewOwner();
        await using var receiver = await WebhookReceiver.StartAsync();
        await CreateAsync(owner, receiver, "this-server", ["*"], servers: ["alpha", "beta"]);
        await CreateAsync(owner, receiver, "other-server", ["*"], servers: ["beta"]);
        await CreateAsync(owner, receiver, "a-pack", ["*"], packs: ["vector-one"]); // bears on events of packs only

        await api.PublishAsync(api.Online(owner.Id));

        await AssertToldAsync(receiver, "a-pack", "this-server");
    }

    [Fact]
    public async Task PackAttached_ToAServer_IsToldToItsOwnerAndToThePacksPublisher()
    {
        var (owner, publisher) = (api.NewOwner(), api.NewOwner());
        await using var receiver = await WebhookReceiver.StartAsync();
        await CreateAsync(owner, receiver, "owner", ["server.pack_attached"], servers: ["alpha"]);
        await CreateAsync(publisher, receiver, "publisher", ["server.pack_attached"]);
        await CreateAsync(publisher, receiver, "publisher-of-it", ["*"], packs: ["vector-one"]);
        await CreateAsync(publisher, receiver, "publisher-of-another", ["*"], packs: ["vector-two"]);

        await api.PublishAsync(api.ServerChanged(owner.Id, ServerChange.PackAttached, new AttachedPack("vector-one", publisher.Id, null, "1.0.0")));
        await api.PublishAsync(api.ServerChanged(owner.Id, ServerChange.Updated, new AttachedPack("vector-one", publisher.Id, null, "1.0.0")));

        await AssertToldAsync(receiver, "owner", "publisher", "publisher-of-it");
    }

    [Fact]
    public async Task PackAttached_ToTheirOwnServer_IsToldOnce()
    {
        var owner = api.NewOwner();
        await using var receiver = await WebhookReceiver.StartAsync();
        await CreateAsync(owner, receiver, "both", ["*"]);

        await api.PublishAsync(api.ServerChanged(owner.Id, ServerChange.PackAttached, new AttachedPack("vector-one", owner.Id, null, "1.0.0")));

        await AssertToldAsync(receiver, "both");
    }

    [Fact]
    public async Task Event_PublishedTwice_IsToldOnce()
    {
        var owner = api.NewOwner();
        await using var receiver = await WebhookReceiver.StartAsync();
        await CreateAsync(owner, receiver, "once", ["*"]);
        var version = api.Published(owner.Id);

        await api.PublishAsync(version);
        await api.PublishAsync(version);

        await AssertToldAsync(receiver, "once");
    }

    [Fact]
    public async Task Restoration_OfAVersion_IsNotToldAsAWithdrawal()
    {
        var owner = api.NewOwner();
        await using var receiver = await WebhookReceiver.StartAsync();
        await CreateAsync(owner, receiver, "hook", ["pack.version_withdrawn"]);

        await api.PublishAsync(api.Withdrawn(owner.Id, reason: null));

        await AssertToldAsync(receiver);
    }

    [Fact]
    public async Task Event_WhileDisabled_IsNotTold()
    {
        var owner = api.NewOwner();
        await using var receiver = await WebhookReceiver.StartAsync();
        var hook = await WebhookApi.CreateAsync(owner, new Uri(receiver.Url, "off"));
        await api.ExecuteAsync("UPDATE endpoints SET enabled = false, disabled_reason = 'owner' WHERE id = $1", hook.Id);

        await api.PublishAsync(api.Published(owner.Id));

        await AssertToldAsync(receiver);
    }

    private static Task<Hook> CreateAsync(Owner owner, WebhookReceiver receiver, string path, string[] events, string[]? packs = null, string[]? servers = null) =>
        WebhookApi.CreateAsync(owner, new Uri(receiver.Url, path), events, packs, servers);

    /// <summary>Waits until a later event has gone all the way through, and checks that nothing but the expected was told before it.</summary>
    private async Task AssertToldAsync(WebhookReceiver receiver, params string[] paths)
    {
        var witness = api.NewOwner();
        await using var end = await WebhookReceiver.StartAsync();
        await WebhookApi.CreateAsync(witness, end.Url);
        await Testing.Wait.UntilAsync(async () => await api.Broker.CountAsync(Subscriptions.WebhookEvents.Queue) == 0, "the queue is empty");
        await receiver.CountAsync(paths.Length);
        await api.PublishAsync(api.Online(witness.Id));
        await end.FirstAsync();
        await Testing.Wait.UntilAsync(async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE status = 'pending'") == 0, "nothing is pending");
        Assert.Equal(paths.Order(StringComparer.Ordinal).Select(path => "/" + path), receiver.Received.Select(request => request.Target).Order(StringComparer.Ordinal));
    }
}
