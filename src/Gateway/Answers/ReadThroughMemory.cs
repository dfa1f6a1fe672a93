using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using PackRelay.Gateway.Edge;
using PackRelay.Gateway.Forwarding;
using PackRelay.ServiceDefaults.Callers;
using Yarp.ReverseProxy.Forwarder;

namespace PackRelay.Gateway.Answers;

/// <summary>
/// Behind the admission: answers admitted reads from memory, and fills the memory from the services. Of many requests for the same one goes to the
/// service, the others wait for its answer. Validators, compression and HEAD are dealt with here, so that services are always asked for all of it.
/// </summary>
internal sealed class ReadThroughMemory(RequestDelegate next, AnswerStore store, AnswerReading reading, RouteLimit limits, AnswerMetrics metrics, IOptions<AnswerCacheOptions> options)
{
    private const int MaxKeyLength = 1_024;
    private const int MaxAttempts = 3; // after so many who filled went away, everyone asks alone

    private readonly int maxAnswerBytes = options.Value.MaxAnswerBytes;

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!IsWholeRead(context, context.Request.Headers)) return WriteThroughAsync(context, path);
        if (!AnswerRules.TryFind(path, out var rule, out var tags)) return next(context);
        var isAnonymous = AnswerHeaders.Of(context).Credential == CredentialKind.None;
        var key = KeyOf(context, rule);
        return key is null || (!isAnonymous && rule.Audience == Audience.Anonymous)
            ? AskAsync(context, rule, isAnonymous, fill: null)
            : ReadAsync(context, key, rule, tags, isAnonymous);
    }

    /// <summary>A GET or HEAD without a body, for all of the answer.</summary>
    public static bool IsWholeRead(HttpContext context, IHeaderDictionary headers)
    {
        var method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) return false;
        return headers.Range.Count == 0 && headers.IfMatch.Count == 0 && headers.IfUnmodifiedSince.Count == 0
            && headers.TransferEncoding.Count == 0 && headers.ContentLength is null or 0;
    }

    private static string? KeyOf(HttpContext context, AnswerRule rule)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/')) return null;
        if (rule.IgnoresQuery && target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query) target = target[..query];
        if (rule.Include is { } include && context.Request.Query["include"] == include) target += "?include=" + include;
        return target.Length <= MaxKeyLength ? target : null;
    }

    /// <summary>What a change made untrue is forgotten before the change is acknowledged; other gateways hear of it by the event.</summary>
    private Task WriteThroughAsync(HttpContext context, string path)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.OnStarting(() =>
            {
                // Refused changes changed nothing; of failed ones that cannot be known.
                if (context.Response.StatusCode is >= 400 and < 500) return Task.CompletedTask;
                foreach (var tag in AnswerRules.Changed(path)) store.Evict(tag);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    private async Task ReadAsync(HttpContext context, string key, AnswerRule rule, AnswerRules.Tags tags, bool isAnonymous)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (store.Find(key) is { } kept && (isAnonymous || kept.IsForEverybody))
            {
                metrics.Hits();
                await kept.WriteAsync(context, store);
                return;
            }

            var fill = store.Join(key, tags, out var isNew);
            if (isNew)
            {
                metrics.Misses();
                await AskAsync(context, rule, isAnonymous, fill);
                return;
            }

            var outcome = await fill.Done.WaitAsync(context.RequestAborted);
            if (outcome.Answer is { } answer)
            {
                metrics.Joins();
                await answer.WriteAsync(context, store);
                return;
            }

            if (!outcome.IsAbandoned) break;
        }

        metrics.Misses();
        await AskAsync(context, rule, isAnonymous, fill: null);
    }

    private async Task AskAsync(HttpContext context, AnswerRule rule, bool isAnonymous, AnswerFill? fill)
    {
        KeptAnswer? shared = null;
        try
        {
            var answer = await ForwardAsync(context, rule, isAnonymous, fill);
            if (answer is null) return;
            if (fill is not null && reading.MayKeep(answer, rule, isAnonymous)) shared = answer;
            if (fill is not null) store.End(fill, shared);
            await answer.WriteAsync(context, shared is null ? null : store);
        }
        finally
        {
            if (fill is not null) store.End(fill, shared, isAbandoned: context.RequestAborted.IsCancellationRequested);
        }
    }

    /// <summary>Asks the service for the whole answer; null when it has been passed on to the client already, or when there was none.</summary>
    private async Task<KeptAnswer?> ForwardAsync(HttpContext context, AnswerRule rule, bool isAnonymous, AnswerFill? fill)
    {
        var (request, response) = (context.Request, context.Response);
        var (method, body) = (request.Method, response.Body);
        var (ifNoneMatch, ifModifiedSince, acceptEncoding) = (request.Headers.IfNoneMatch, request.Headers.IfModifiedSince, request.Headers.AcceptEncoding);
        var held = new BufferedBody(body, () => reading.MayHold(response), maxAnswerBytes, () =>
        {
            if (fill is not null) store.End(fill, answer: null); // those who wait need not wait for this client to read it all
        });
        try
        {
            request.Method = HttpMethods.Get;
            (request.Headers.IfNoneMatch, request.Headers.IfModifiedSince, request.Headers.AcceptEncoding) = (default, default, default);
            response.Body = held;
            await next(context);
        }
        finally
        {
            response.Body = body;
            request.Method = method;
            (request.Headers.IfNoneMatch, request.Headers.IfModifiedSince, request.Headers.AcceptEncoding) = (ifNoneMatch, ifModifiedSince, acceptEncoding);
        }

        if (held.Bytes is not { } bytes || context.Features.Get<IForwarderErrorFeature>() is not null || response.HasStarted) return null;
        return reading.Read(response, bytes, rule, isAnonymous, limits.AnonymousPolicy(context.GetReverseProxyFeature().Route.Config));
    }
}
