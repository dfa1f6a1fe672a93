namespace PackRelay.WebhookService.Deliveries;

/// <summary>What signed an attempt.</summary>
/// <param name="SecretNumber">The how manieth secret of its webhook, from 1.</param>
/// <param name="WithPrevious">Whether the secret before it signed along.</param>
internal sealed record Signing(int SecretNumber, bool WithPrevious);
