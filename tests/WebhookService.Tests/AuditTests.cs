using System.Net;
using System.Text;
using System.Text.Json;
using PackRelay.Contracts;

namespace PackRelay.WebhookService.Tests;

public sealed class AuditTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Deeds_OfAnOwner_AreRecordedWithoutAnySecret()
    {
        await using var recorded = await api.ObserveAsync<AuditRecorded>();
        var owner = api.NewOwner();
        owner.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "2001:db8::5");
        var hook = await WebhookApi.CreateAsync(owner, new Uri("http://127.0.0.1:1/hook"));
        foreach (var body in new[] { """{"description":"a note"}""", """{"url":"http://127.0.0.1:1/hook"}""", """{"url":"http://127.0.0.1:1/elsewhere"}""" }) // the last one alone leads elsewhere
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var changed = await owner.Client.PatchAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative), content);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }

        using var rotated = await owner.Client.PostAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}/rotate-secret", UriKind.Relative), content: null);
        using var deleted = await owner.Client.DeleteAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative));
        using var again = await owner.Client.DeleteAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (rotated.StatusCode, deleted.StatusCode, again.StatusCode));
        string[] expected = [AuditActions.WebhookCreated, AuditActions.WebhookDeleted, AuditActions.WebhookSecretRotated, AuditActions.WebhookUrlChanged];
        foreach (var action in expected)
        {
            var entry = await recorded.FirstAsync(entry => entry.Action == action && entry.Target == $"webhook:{hook.Id}");
            Assert.Equal((owner.Caller.AccountId, "session", "2001:db8::5"), (entry.ActorId, entry.Credential, entry.Address));
            Assert.DoesNotContain("whsec_", JsonSerializer.Serialize(entry), StringComparison.Ordinal);
        }

        Assert.Equal(expected, recorded.Received.DistinctBy(entry => entry.EventId).Where(entry => entry.ActorId == owner.Caller.AccountId).Select(entry => entry.Action).Order(StringComparer.Ordinal));
    }
}
