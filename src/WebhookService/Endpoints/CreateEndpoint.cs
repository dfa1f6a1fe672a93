using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Registers an address that is told of events. Its secret is in this answer and nowhere else.</summary>
internal static class CreateEndpoint
{
    public static void Map(IEndpointRouteBuilder webhooks) => webhooks.MapPost("", HandleAsync).WithName("CreateWebhook");

    internal static async Task<Results<Created<Answer>, ApiError>> HandleAsync(
        JsonBody<Request> body, Actor actor, EndpointRules rules, EndpointQueries endpoints, SecretVault vault, IOptions<PlanOptions> plans, TimeProvider clock, CancellationToken stop)
    {
        var caller = actor.Caller;
        if (!(await body.ReadAsync(stop)).TryGet(out var request, out var error)) return error;
        var wanted = new EndpointSettings(request.Url, request.Events, request.Packs ?? [], request.Servers ?? [], request.Description);
        if (!rules.TryAccept(wanted, out var settings, out error)) return error;
        if (!EndpointRules.Admits(caller, settings)) return WebhookErrors.BeyondToken();

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var secret = SecretVault.Create();
        var limit = plans.Value.Of(caller).Webhooks;
        return await endpoints.CreateAsync(id, actor, settings, vault.Seal(id, secret), limit, stop) is { } created
            ? TypedResults.Created($"/api/v1/webhooks/{id}", Answer.Of(created, secret))
            : PlanErrors.Exceeded(caller, "webhooks", limit);
    }

    /// <summary>
    /// Body of <c>POST /api/v1/webhooks</c>. Errors: <c>invalid_url</c>, <c>invalid_events</c>, <c>invalid_packs</c>, <c>invalid_servers</c>, <c>invalid_description</c> 400,
    /// <c>quota_exceeded</c> 402.
    /// </summary>
    /// <param name="Url">An https address on the public internet, at most 2,000 characters; or one in the networks that the hub's operator allowed.</param>
    /// <param name="Events">Names of events, or <c>*</c> for all; at least one.</param>
    /// <param name="Packs">Slugs of the only packs to be told of, at most 100; none for every pack of the account.</param>
    /// <param name="Servers">Slugs of the only servers to be told of, at most 100; none for every server of the account.</param>
    /// <param name="Description">A note, at most 500 characters.</param>
    internal sealed record Request(string Url, string[] Events, string[]? Packs = null, string[]? Servers = null, string? Description = null);

    /// <summary>A new webhook; the members of <see cref="Webhook"/>, and its secret.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Url">Where it is sent.</param>
    /// <param name="Events">Names of events, or the single entry <c>*</c>.</param>
    /// <param name="Packs">Slugs; empty for every pack of the account.</param>
    /// <param name="Servers">Slugs; empty for every server of the account.</param>
    /// <param name="Description">A note; null when there is none.</param>
    /// <param name="Enabled">True.</param>
    /// <param name="DisabledReason">Null.</param>
    /// <param name="CreatedAt">When it was made, UTC.</param>
    /// <param name="Secret">Signs every request; <c>whsec_</c> and 44 base64 characters. It is not shown again.</param>
    internal sealed record Answer(
        Guid Id, string Url, IReadOnlyList<string> Events, IReadOnlyList<string> Packs, IReadOnlyList<string> Servers, string? Description, bool Enabled, string? DisabledReason,
        DateTimeOffset CreatedAt, string Secret)
    {
        public static Answer Of(StoredEndpoint endpoint, string secret) => new(
            endpoint.Id, endpoint.Settings.Url, endpoint.Settings.Events, endpoint.Settings.Packs, endpoint.Settings.Servers, endpoint.Settings.Description, endpoint.Enabled,
            endpoint.DisabledReason, endpoint.CreatedAt, secret);
    }
}
