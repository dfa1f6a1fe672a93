using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Makes a new secret; the old one signs along for 24 hours.</summary>
internal static class RotateSecret
{
    /// <summary>How long the old secret signs along: a working day's time for a receiver to take up the new one.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapPost("/{id:guid}/rotate-secret", HandleAsync).WithName(nameof(RotateSecret));

    internal static async Task<Results<Ok<Answer>, ApiError>> HandleAsync(
        Guid id, Actor actor, EndpointQueries endpoints, SecretVault vault, TimeProvider clock, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, actor.Caller, stop)).TryGet(out _, out var error)) return error;
        var secret = SecretVault.Create();
        var expiresAt = clock.GetUtcNow() + Overlap;
        return await endpoints.RotateAsync(id, actor, vault.Seal(id, secret), expiresAt, stop)
            ? TypedResults.Ok(new Answer(secret, expiresAt))
            : ApiError.NotFound("webhook", id.ToString());
    }

    /// <summary>Answer of <c>POST /api/v1/webhooks/{id}/rotate-secret</c>. Errors: <c>not_found</c> 404.</summary>
    /// <param name="Secret">The new secret, which makes <c>X-PackRelay-Signature</c> from now on. It is not shown again.</param>
    /// <param name="PreviousSecretExpiresAt">Until then <c>webhook-signature</c> has an entry made with the old secret as well, UTC.</param>
    internal sealed record Answer(string Secret, DateTimeOffset PreviousSecretExpiresAt);
}
