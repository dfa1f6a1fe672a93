using System.Net;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Tests;

public sealed class AuditTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Deeds_OfAPublisher_AreRecordedOnceWithWhoAndFromWhere()
    {
        await using var recorded = await api.ObserveAsync<AuditRecorded>();
        var publisher = api.NewPublisher();
        publisher.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.5");
        var slug = await publisher.PublishPackAsync("1.0.0");
        var again = publisher.Sign(publisher.Draft(slug, "1.0.0", await publisher.UploadAsync()));
        await publisher.SendAsync(slug, again).FailsAsync(HttpStatusCode.Conflict, "duplicate_version"); // refused: not on record
        var withdraw = new Uri($"/api/v1/packs/{slug}/versions/1.0.0/withdraw", UriKind.Relative);
        await publisher.Client.PostAsync(withdraw.ToString(), new { reason = "broken" }).SucceedsAsync();
        await publisher.Client.PostAsync(withdraw.ToString(), new { reason = "again" }).SucceedsAsync(); // changes nothing: not on record
        await publisher.Client.DeleteAsync(withdraw).SucceedsAsync();
        await publisher.Client.DeleteAsync($"/api/v1/keys/{publisher.KeyId}").SucceedsAsync();

        string[] expected = [AuditActions.KeyRegistered, AuditActions.KeyRevoked, AuditActions.VersionPublished, AuditActions.VersionRestored, AuditActions.VersionWithdrawn];
        foreach (var action in expected)
        {
            var entry = await recorded.FirstAsync(entry => entry.Action == action && entry.ActorId == publisher.Caller.AccountId);
            Assert.Equal(
                (publisher.Caller.Username, (Guid?)publisher.Caller.CredentialId, "203.0.113.5", null as Guid?), (entry.ActorName, entry.CredentialId, entry.Address, entry.SubjectId));
            Assert.Equal(action.StartsWith("key.", StringComparison.Ordinal) ? $"key:{publisher.KeyId}" : $"version:{slug}@1.0.0", entry.Target);
        }

        var mine = recorded.Received.Where(entry => entry.ActorId == publisher.Caller.AccountId).DistinctBy(entry => entry.EventId).ToList();
        Assert.Equal(expected, mine.Select(entry => entry.Action).Order(StringComparer.Ordinal));
        Assert.Equal("broken", mine.Single(entry => entry.Action == AuditActions.VersionWithdrawn).Details!["reason"]);
        Assert.Equal(publisher.KeyId.ToString(), mine.Single(entry => entry.Action == AuditActions.VersionPublished).Details!["key"]);
    }
}
