namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>A service that never runs for an hour.</summary>
public sealed class FirstSweepTests(PatientWebhookApi api) : IClassFixture<PatientWebhookApi>
{
    [Fact]
    public async Task Sweep_OfAServiceThatHasJustStarted_ComesAfterAMinute()
    {
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/"));
        using var deleted = await owner.Client.DeleteAsync(new Uri($"{WebhookApi.Routes}/{hook.Id}", UriKind.Relative));
        Assert.Equal(1, await CountAsync(hook));

        api.Clock.Advance(TimeSpan.FromMinutes(1));

        await Testing.Wait.UntilAsync(async () => await CountAsync(hook) == 0, "the webhook's row is removed");
    }

    private Task<long> CountAsync(Hook hook) => api.ScalarAsync<long>("SELECT count(*) FROM endpoints WHERE id = $1", hook.Id);
}
