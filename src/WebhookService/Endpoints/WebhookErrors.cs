using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Errors of webhooks. Besides these: <c>invalid_url</c>, <c>invalid_events</c>, <c>invalid_packs</c>, <c>invalid_servers</c>, <c>invalid_description</c>, all 400.</summary>
internal static class WebhookErrors
{
    /// <summary>409: nothing can be sent while the webhook is disabled.</summary>
    public const string DisabledCode = "webhook_disabled";

    public static ApiError Disabled() => ApiError.Conflict(DisabledCode, "the webhook is disabled; enable it first");

    public static ApiError BeyondToken() =>
        ApiError.Forbidden("the API token is restricted to some packs or servers; a webhook it manages must be restricted, in packs and servers, to these");

    public static ApiError WaitingBeyondToken() =>
        ApiError.Forbidden("deliveries about what the API token is not restricted to still wait for this webhook; its url can be changed when they have ended");
}
