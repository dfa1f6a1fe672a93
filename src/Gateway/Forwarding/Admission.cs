using PackRelay.Gateway.Callers;
using PackRelay.Gateway.Edge;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.Gateway.Forwarding;

/// <summary>
/// Decides whether a request may pass, and as whom: credential, rate limit, origin, size. A refused credential is counted as an anonymous request,
/// so that guessing is limited.
/// </summary>
internal sealed class Admission(
    RequestDelegate next, CallerCache callers, SolderCallers solder, CallerToken tokens, RouteLimit limits, OriginCheck origins, EdgeMetrics metrics, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var route = context.GetReverseProxyFeature().Route.Config;
        var answer = AnswerHeaders.Of(context);
        KnownCaller? known = null;
        if (Credential.TryRead(context.Request, out var credential, out var refusal) && credential.Kind != CredentialKind.None)
        {
            answer.Credential = credential.Kind;
            try
            {
                known = await callers.FindAsync(credential, context.RequestAborted);
            }
            catch (HttpRequestException)
            {
                await RefuseAsync(context, ApiError.Unavailable("the sign-in service")); // not counted: it is not the client's fault
                return;
            }

            if (known.Caller is null && credential.Kind == CredentialKind.Token) refusal = InvalidToken();
        }

        answer.RateLimit = await limits.AcquireAsync(route, known, context);
        if (answer.RateLimit is { IsAllowed: false } limited) refusal = limited.ToError();
        refusal ??= origins.Refusal(context.Request, credential) ?? BodyLimit.Apply(context, route);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        if (!SolderRoutes.Contains(context.Request.Path)) OutboundRequest.Rewrite(context, route.ClusterId!, known?.Caller is null ? null : known.Header(tokens, clock));
        else if (!await TellWhoAsync(context, route.ClusterId!, known?.Caller, answer)) return;
        await next(context);
    }

    /// <summary>What the Solder dialect shows besides an account; false when nobody could be asked about it, which has been answered then.</summary>
    private async ValueTask<bool> TellWhoAsync(HttpContext context, string cluster, Caller? account, AnswerHeaders answer)
    {
        try
        {
            var found = await solder.FindAsync(context, account);
            if (answer.Credential == CredentialKind.None) answer.Credential = found.Credential;
            OutboundRequest.Rewrite(context, cluster, solder.Header(found.Caller, cluster));
            return true;
        }
        catch (HttpRequestException)
        {
            await RefuseAsync(context, ApiError.Unavailable("the sign-in service"));
            return false;
        }
    }

    private static ApiError InvalidToken() =>
        new(StatusCodes.Status401Unauthorized, ErrorCodes.InvalidToken, "the API token is unknown, expired or revoked");

    private Task RefuseAsync(HttpContext context, ApiError refusal)
    {
        metrics.Refused(refusal.Code);
        return refusal.ExecuteAsync(context);
    }
}
