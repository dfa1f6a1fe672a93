using System.Net;
using Microsoft.Extensions.Options;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>What becomes of a delivery after an attempt.</summary>
internal enum Verdict
{
    /// <summary>Answered 2xx.</summary>
    Delivered,

    /// <summary>Tried again later.</summary>
    Retry,

    /// <summary>Given up: the schedule is at its end.</summary>
    Failed,

    /// <summary>Given up, and the endpoint is disabled: it answered 410 Gone.</summary>
    Gone,
}

/// <summary>Judges attempts.</summary>
internal sealed class RetrySchedule(IOptions<DeliveryOptions> options)
{
    /// <summary>The verdict, and the pause before the next attempt when there is one.</summary>
    /// <param name="earlier">Attempts made before this one in the same round.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="chance">Evenly spread over 0 to 1.</param>
    public (Verdict Verdict, TimeSpan? Pause) Judge(int earlier, Attempt attempt, double chance)
    {
        if (attempt.Error is null) return (Verdict.Delivered, null);
        if (attempt.StatusCode == (int)HttpStatusCode.Gone) return (Verdict.Gone, null);
        var pauses = options.Value.Pauses;
        if (earlier >= pauses.Count) return (Verdict.Failed, null);

        var step = pauses[earlier];
        var pause = step * (1 + (options.Value.Jitter * chance));
        var asked = attempt.StatusCode is (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.ServiceUnavailable ? attempt.RetryAfter : null;
        // A receiver may ask for more time, up to as much again; it can neither ask for less nor park a delivery for good.
        return (Verdict.Retry, asked > pause ? TimeSpan.FromTicks(Math.Min(asked.Value.Ticks, 2 * step.Ticks)) : pause);
    }
}
