using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>What the owner decides about a webhook.</summary>
/// <param name="Url">Where it is sent.</param>
/// <param name="Events">Names of events, or the single entry <c>*</c>.</param>
/// <param name="Packs">Slugs; empty for every pack of the account.</param>
/// <param name="Servers">Slugs; empty for every server of the account.</param>
/// <param name="Description">A note of the owner's.</param>
internal sealed record EndpointSettings(string Url, string[] Events, string[] Packs, string[] Servers, string? Description);

/// <summary>A webhook as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Settings">What the owner decided.</param>
/// <param name="Enabled">Whether it is told of anything.</param>
/// <param name="DisabledReason">Why not: <c>owner</c>, <c>gone</c> or <c>failing</c>; null while enabled.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Secret">Its signing secret, encrypted.</param>
/// <param name="PreviousSecret">The one before it, also when it signs no more; null when there was none.</param>
/// <param name="SecretNumber">The how manieth secret <paramref name="Secret"/> is, from 1.</param>
internal sealed record StoredEndpoint(
    Guid Id, EndpointSettings Settings, bool Enabled, string? DisabledReason, DateTimeOffset CreatedAt, SealedSecret Secret, SealedSecret? PreviousSecret, int SecretNumber)
{
    public Webhook ToAnswer() => new(Id, Settings.Url, Settings.Events, Settings.Packs, Settings.Servers, Settings.Description, Enabled, DisabledReason, CreatedAt);
}

/// <summary>A webhook in answers. The secret is not among its members: it is shown once, when it is made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where it is sent.</param>
/// <param name="Events">Names of events, or the single entry <c>*</c>.</param>
/// <param name="Packs">Slugs of the only packs whose events are told; empty for every pack of the account.</param>
/// <param name="Servers">Slugs of the only servers whose events are told; empty for every server of the account.</param>
/// <param name="Description">A note of the owner's, at most 500 characters; null when there is none.</param>
/// <param name="Enabled">Whether it is told of anything.</param>
/// <param name="DisabledReason">
/// Why not: <c>owner</c> (switched off), <c>gone</c> (the receiver answered 410) or <c>failing</c> (nothing but failures for days); null while enabled.
/// </param>
/// <param name="CreatedAt">When it was made, UTC.</param>
internal sealed record Webhook(
    Guid Id, string Url, IReadOnlyList<string> Events, IReadOnlyList<string> Packs, IReadOnlyList<string> Servers, string? Description, bool Enabled, string? DisabledReason,
    DateTimeOffset CreatedAt);
