namespace PackRelay.WebhookService.Deliveries;

/// <summary>What came of one attempt.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="StatusCode">The answer's status; null when there was none.</param>
/// <param name="Duration">From its begin to the end of the answer.</param>
/// <param name="Error">Why it counts as failed; null when it was delivered.</param>
/// <param name="ResponseBody">The first 4 KB of the answer; null when there was none.</param>
/// <param name="RetryAfter">How long the answer asked to wait.</param>
/// <param name="Signing">What signed it; null when nothing could.</param>
internal sealed record Attempt(DateTimeOffset At, int? StatusCode, TimeSpan Duration, string? Error, string? ResponseBody, TimeSpan? RetryAfter, Signing? Signing);
