using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Changes a webhook, switches it off or on.</summary>
internal static class UpdateEndpoint
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapPatch("/{id:guid}", HandleAsync).WithName("UpdateWebhook");

    internal static async Task<Results<Ok<Webhook>, ApiError>> HandleAsync(
        Guid id, JsonBody<Request> body, Caller caller, EndpointRules rules, EndpointQueries endpoints, DeliverySignal signal, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, caller, stop)).TryGet(out var endpoint, out var error)) return error;
        if (!(await body.ReadAsync(stop)).TryGet(out var request, out error)) return error;
        if (!TryMerge(endpoint, request, out var wanted, out var enabled, out error)) return error;
        if (!rules.TryAccept(wanted, out var settings, out error)) return error;
        if (!EndpointRules.Admits(caller, settings)) return WebhookErrors.BeyondToken();

        if (!await endpoints.UpdateAsync(id, caller.AccountId, settings, enabled, stop)) return ApiError.NotFound("webhook", id.ToString());
        signal.Set(); // what waited while it was disabled goes out now
        return (await endpoints.OpenAsync(id, caller, stop)).TryGet(out var updated, out error) ? TypedResults.Ok(updated.ToAnswer()) : error;
    }

    private static bool TryMerge(
        StoredEndpoint endpoint, Request request, out EndpointSettings wanted, out bool enabled, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ApiError? error)
    {
        var now = endpoint.Settings;
        (wanted, enabled, error) = (now, endpoint.Enabled, null);
        if (request.Url is { IsSet: true, Value: null }) error = ApiError.Invalid("url", "must not be null");
        else if (request.Events is { IsSet: true, Value: null }) error = ApiError.Invalid("events", "must not be null");
        else if (request.Enabled is { IsSet: true, Value: null }) error = ApiError.Invalid("enabled", "must not be null");
        if (error is not null) return false;

        wanted = new EndpointSettings(
            request.Url.Or(now.Url)!, request.Events.Or(now.Events)!, request.Packs.Or(now.Packs) ?? [], request.Servers.Or(now.Servers) ?? [],
            request.Description.Or(now.Description));
        enabled = request.Enabled.Or(endpoint.Enabled)!.Value;
        return true;
    }

    /// <summary>
    /// Body of <c>PATCH /api/v1/webhooks/{id}</c>: what is left out stays; the rules are those of the creation. What was pending when a webhook was disabled goes out
    /// when it is enabled again; what happens meanwhile is not told. Errors: <c>invalid_url</c>, <c>invalid_events</c>, <c>invalid_packs</c>,
    /// <c>invalid_servers</c>, <c>invalid_description</c>, <c>invalid_enabled</c> 400, <c>not_found</c> 404.
    /// </summary>
    /// <param name="Url">Where it is sent.</param>
    /// <param name="Events">Names of events, or <c>*</c>.</param>
    /// <param name="Packs">Slugs; null or none for every pack of the account.</param>
    /// <param name="Servers">Slugs; null or none for every server of the account.</param>
    /// <param name="Description">A note; null for none.</param>
    /// <param name="Enabled">Switches it off and on.</param>
    internal sealed record Request(
        PatchField<string?> Url = default, PatchField<string[]?> Events = default, PatchField<string[]?> Packs = default, PatchField<string[]?> Servers = default,
        PatchField<string?> Description = default, PatchField<bool?> Enabled = default);
}
