using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.RateLimiting;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.Gateway.Edge;

/// <summary>
/// Headers that an answer carries whoever wrote it, the gateway or a service. They are set when the answer starts, because error handling clears
/// what was set before, and the proxy appends the service's headers to it.
/// </summary>
internal sealed class AnswerHeaders
{
    private static readonly PathString Api = new("/api");

    private static readonly PathString Cdn = new("/cdn");

    private static readonly PathString Static = new("/static");

    private static readonly StringValues NoSniff = "nosniff";

    private readonly HttpContext context;

    private readonly SolderHeaders solder;

    private AnswerHeaders(HttpContext context, SolderHeaders solder) => (this.context, this.solder) = (context, solder);

    /// <summary>What the limiter said; null on routes without a limit.</summary>
    public RateLimitDecision? RateLimit { get; set; }

    /// <summary>With what the request was made.</summary>
    public CredentialKind Credential { get; set; }

    public static void AddTo(HttpContext context, SolderHeaders solder)
    {
        var headers = new AnswerHeaders(context, solder);
        context.Features.Set(headers);
        context.Response.OnStarting(static state => ((AnswerHeaders)state).WriteAsync(), headers);
    }

    public static AnswerHeaders Of(HttpContext context) => context.Features.GetRequiredFeature<AnswerHeaders>();

    /// <summary>Writes what the anonymous answer of a public route carries, where it is written without a feature.</summary>
    public static void WriteAnonymous(HttpContext context, RateLimitDecision? decision, SolderHeaders solder)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        Cors.AllowReading(headers);
        decision?.WriteTo(headers);
        if (SolderRoutes.Contains(context.Request.Path)) solder.Write(context, decision, isSession: false);
    }

    private Task WriteAsync()
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.Server = default; // what runs behind is nobody's business
        if (MayBeReadElsewhere()) Cors.AllowReading(headers);
        // A service that refused by a limit of its own has said so itself.
        if (RateLimit is { } decision && !headers.ContainsKey(RateLimitDecision.LimitHeader)) decision.WriteTo(headers);
        if (SolderRoutes.Contains(context.Request.Path)) solder.Write(context, RateLimit, Credential == CredentialKind.Session);
        return Task.CompletedTask;
    }

    private bool MayBeReadElsewhere() => Credential switch
    {
        CredentialKind.Session => false,
        CredentialKind.Token => true,
        _ => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
    } && (Is(Api) || Is(Cdn) || Is(Static));

    private bool Is(PathString start) => context.Request.Path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase);
}
