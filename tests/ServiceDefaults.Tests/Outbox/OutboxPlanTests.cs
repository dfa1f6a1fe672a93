using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;

namespace PackRelay.ServiceDefaults.Tests.Outbox;

public sealed class OutboxPlanTests
{
    private long position;

    [Fact]
    public void Of_EventsOfTwoTypesAndDifferentEntities_MakesOneBatchOfEach()
    {
        var plan = OutboxPlan.Of([Changed("a"), Removed("b"), Changed("c"), Removed("d")]);

        Assert.Equal([[1, 3], [2, 4]], Positions(plan));
        Assert.Null(plan.Unreadable);
    }

    [Fact]
    public void Of_EventsOfTwoTypesAndOneEntity_KeepsTheirOrder()
    {
        var plan = OutboxPlan.Of([Changed("a"), Removed("a"), Changed("a"), Changed("b"), Removed("b")]);

        Assert.Equal([[1], [2], [3, 4], [5]], Positions(plan));
    }

    [Fact]
    public void Of_MoreThanAHundred_MakesAnotherBatch()
    {
        var plan = OutboxPlan.Of(Enumerable.Range(0, 101).Select(number => Changed($"{number}")));

        Assert.Equal([100, 1], plan.Batches.Select(batch => batch.Events.Count));
    }

    [Theory]
    [InlineData("OfALaterRelease", "{}")]
    [InlineData(nameof(PackChanged), "[]")]
    [InlineData(nameof(PackChanged), "null")]
    public void Of_AnEventThatCannotBeRead_LeavesItAndWhatFollowsOfItsEntity(string type, string body)
    {
        var plan = OutboxPlan.Of([Changed("a"), new OutboxRow(++position, "pack:a", type, body, TraceParent: null), Changed("a"), Changed("b")]);

        Assert.Equal([[1, 4]], Positions(plan));
        Assert.NotNull(plan.Unreadable);
    }

    private static IEnumerable<IEnumerable<long>> Positions(OutboxPlan plan) => plan.Batches.Select(batch => batch.Events.Select(planned => planned.Row.Position));

    private OutboxRow Changed(string slug) => Row(slug, PublishingHost.Change(slug, 1));

    private OutboxRow Removed(string slug) => Row(slug, new PackRemoved(Guid.NewGuid(), DateTimeOffset.UnixEpoch, slug, Revision: 2, Guid.Empty, slug));

    private OutboxRow Row<TEvent>(string slug, TEvent hubEvent)
        where TEvent : IHubEvent => new(++position, $"pack:{slug}", typeof(TEvent).Name, JsonSerializer.Serialize(hubEvent), TraceParent: null);
}
