namespace PackRelay.WebhookService.Events;

/// <summary>One account that hears of an event, and the filters of its endpoints that bear on it.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Pack">Slug that an endpoint's <c>packs</c> must admit; null when that filter does not bear on the event.</param>
/// <param name="Server">Slug that an endpoint's <c>servers</c> must admit; null when that filter does not bear on the event.</param>
internal sealed record Audience(Guid AccountId, string? Pack, string? Server);

/// <summary>A hub event as webhooks tell it.</summary>
/// <param name="EventId">The hub event's id: the same notice is enqueued once per endpoint, however often it is consumed.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="Subject">What it is about; notices of one subject go to an endpoint in order.</param>
/// <param name="Audiences">Who hears of it.</param>
/// <param name="Data">The body's <c>data</c>.</param>
internal sealed record Notice(Guid EventId, string Event, DateTimeOffset OccurredAt, string Subject, IReadOnlyList<Audience> Audiences, object Data)
{
    public static string PackSubject(string slug) => "pack:" + slug;

    public static string ServerSubject(string slug) => "server:" + slug;
}
