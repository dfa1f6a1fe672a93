using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Audit;
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
        Guid id, JsonBody<Request> body, Actor actor, EndpointRules rules, EndpointQueries endpoints, DeliverySignal signal, CancellationToken stop)
    {
        if (!(await endpoints.OpenAsync(id, actor.Caller, stop)).TryGet(out _, out var error)) return error;
        if (!(await body.ReadAsync(stop)).TryGet(out var request, out error)) return error;
        if (NullOf(request) is { } missing) return missing;

        var changed = await endpoints.UpdateAsync(id, actor, present => Change(present, request, rules, actor.Caller), stop);
        if (!changed.TryGet(out var updated, out error)) return error;
        signal.Set(); // what waited while it was disabled goes out now
        return TypedResults.Ok(updated.ToAnswer());
    }

    private static ApiError? NullOf(Request request) => request switch
    {
        { Url: { IsSet: true, Value: null } } => ApiError.Invalid("url", "must not be null"),
        { Events: { IsSet: true, Value: null } } => ApiError.Invalid("events", "must not be null"),
        { Enabled: { IsSet: true, Value: null } } => ApiError.Invalid("enabled", "must not be null"),
        _ => null,
    };

    /// <summary>The webhook with the members that the request has. The token's restriction is looked at on both sides: somebody else may have changed what it may have to do with.</summary>
    private static EndpointLookup Change(StoredEndpoint present, Request request, EndpointRules rules, Caller caller)
    {
        var now = present.Settings;
        var wanted = new EndpointSettings(
            request.Url.Or(now.Url)!, request.Events.Or(now.Events)!, request.Packs.Or(now.Packs) ?? [], request.Servers.Or(now.Servers) ?? [],
            request.Description.Or(now.Description));
        if (!rules.TryAccept(wanted, out var settings, out var error)) return new EndpointLookup(error);
        return EndpointRules.Admits(caller, now) && EndpointRules.Admits(caller, settings)
            ? new EndpointLookup(present with { Settings = settings, Enabled = request.Enabled.Or(present.Enabled)!.Value })
            : new EndpointLookup(WebhookErrors.BeyondToken());
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
