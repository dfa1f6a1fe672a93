using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.Gateway.Answers;

/// <summary>Judges a service's answer: whether it may be held and kept, for whom and how long, and what clients are told.</summary>
internal sealed class AnswerReading(IOptions<AnswerCacheOptions> options, TimeProvider clock)
{
    private static readonly StringValues PrivateCaching = "private, no-cache";
    private static readonly StringValues AskEachTime = "public, no-cache";
    private static readonly StringValues VaryByCoding = "Accept-Encoding";
    private static readonly StringValues VaryByCaller = "Accept-Encoding, Authorization, Cookie";

    /// <summary>Written with every answer, or by the server, or about one connection.</summary>
    private static readonly HashSet<string> NotKept = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.ETag, HeaderNames.CacheControl, HeaderNames.Vary, HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.Date, HeaderNames.Server, HeaderNames.Connection,
        HeaderNames.KeepAlive, HeaderNames.TransferEncoding, HeaderNames.XContentTypeOptions, HeaderNames.Age,
    };

    private readonly AnswerCacheOptions settings = options.Value;
    private readonly StringValues listCaching = $"public, max-age={(int)options.Value.ListMaxAge.TotalSeconds}";

    /// <summary>Whether the answer can be held and written again: plain JSON, or a badge, that belongs to no one connection.</summary>
    public bool MayHold(HttpResponse response)
    {
        var headers = response.Headers;
        return response.StatusCode == StatusCodes.Status200OK
            && headers.SetCookie.Count == 0
            && headers.ContentEncoding.Count == 0
            && headers.ContentType is [{ } type] && (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.StartsWith("image/svg+xml", StringComparison.OrdinalIgnoreCase))
            && (headers.Vary.Count == 0 || headers.Vary is ["Accept-Encoding"])
            && !headers.CacheControl.ToString().Contains("no-store", StringComparison.OrdinalIgnoreCase)
            && !(headers.ContentLength > settings.MaxAnswerBytes);
    }

    /// <summary>The answer as it can be written again.</summary>
    /// <param name="response">The service's headers.</param>
    /// <param name="body">Its whole body.</param>
    /// <param name="rule">The route's rule.</param>
    /// <param name="isAnonymous">Whether it was asked for without credentials.</param>
    /// <param name="limit">The route's limit.</param>
    public KeptAnswer Read(HttpResponse response, byte[] body, AnswerRule rule, bool isAnonymous, RateLimitPolicy limit)
    {
        var headers = response.Headers;
        _ = CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var said);
        var isForEverybody = rule.Audience == Audience.Everybody || (said is { Public: true } && rule.Audience == Audience.AsMarked);
        return new KeptAnswer(body, EntityTag.Of(headers.ETag, body))
        {
            ContentType = headers.ContentType,
            CacheControl = headers.CacheControl.Count > 0 ? headers.CacheControl : Caching(rule, isAnonymous || isForEverybody),
            Vary = isForEverybody ? VaryByCoding : VaryByCaller,
            Headers = [.. headers.Where(header => !NotKept.Contains(header.Key) && !header.Key.StartsWith("RateLimit-", StringComparison.OrdinalIgnoreCase))],
            Limit = limit,
            Endpoint = response.HttpContext.GetEndpoint(),
            IsForEverybody = isForEverybody,
            IsList = rule.IsList,
            ExpiresAt = clock.GetTimestamp() + (long)(Life(rule, said).TotalSeconds * clock.TimestampFrequency),
        };
    }

    /// <summary>Whether others may get this answer too.</summary>
    public bool MayKeep(KeptAnswer answer, AnswerRule rule, bool isAnonymous) =>
        (answer.IsForEverybody || (isAnonymous && rule.Audience == Audience.Anonymous)) && answer.ExpiresAt > clock.GetTimestamp() && settings.CapacityBytes > 0;

    private TimeSpan Life(AnswerRule rule, CacheControlHeaderValue? said)
    {
        if (said is { NoStore: true } or { Private: true } or { NoCache: true }) return TimeSpan.Zero;
        var longest = rule.IsList ? settings.ListLifetime : settings.Lifetime;
        return (said?.SharedMaxAge ?? said?.MaxAge) is { } age && age < longest ? age : longest;
    }

    private StringValues Caching(AnswerRule rule, bool isPublic) => isPublic ? (rule.MayBeKeptByClients ? listCaching : AskEachTime) : PrivateCaching;
}
