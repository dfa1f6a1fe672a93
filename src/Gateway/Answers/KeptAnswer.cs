using Microsoft.Extensions.Primitives;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.Gateway.Answers;

/// <summary>A whole answer of a service, ready to be written again: as it came, or as a compressed copy that is made at the first wish for it.</summary>
internal sealed class KeptAnswer
{
    private const int SmallestWorthCompressing = 512; // below, the header costs what the copy saves
    private const int OverheadBytes = 1_024; // of the objects around the bytes, roughly

    private static readonly StringValues BrotliName = "br";
    private static readonly StringValues GzipName = "gzip";

    private readonly Variant identity;
    private readonly string opaqueTag;
    private readonly StringValues brotliTag;
    private readonly StringValues gzipTag;
    private readonly bool isCompressible;
    private Variant? brotli;
    private Variant? gzip;
    private int brotliBegun;
    private int gzipBegun;
    private bool isTouched;

    public KeptAnswer(byte[] body, EntityTag tag)
    {
        opaqueTag = tag.Opaque;
        identity = new Variant(body, tag.Header(""), default);
        isCompressible = body.Length >= SmallestWorthCompressing;
        brotliTag = tag.Header(EntityTag.BrotliSuffix);
        gzipTag = tag.Header(EntityTag.GzipSuffix);
        SizeBytes = body.Length + OverheadBytes;
    }

    public required StringValues ContentType { get; init; }

    public required StringValues CacheControl { get; init; }

    public required StringValues Vary { get; init; }

    /// <summary>The service's further headers.</summary>
    public required KeyValuePair<string, StringValues>[] Headers { get; init; }

    /// <summary>What an anonymous hit is counted against.</summary>
    public required RateLimitPolicy Limit { get; init; }

    /// <summary>The route it came by, for the span's name.</summary>
    public required Endpoint? Endpoint { get; init; }

    /// <summary>Whether it is for everybody, whoever asks.</summary>
    public required bool IsForEverybody { get; init; }

    /// <summary>Which share of the memory it is counted to.</summary>
    public required bool IsList { get; init; }

    /// <summary>Time stamp of the clock after which it is not given out any more.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Memory it takes; the store's.</summary>
    public int SizeBytes { get; set; }

    /// <summary>What it was kept by; the store's.</summary>
    public AnswerFill? Fill { get; set; }

    /// <summary>Whether the store still has it.</summary>
    public bool IsKept { get; set; } = true;

    public void Touch()
    {
        if (!Volatile.Read(ref isTouched)) Volatile.Write(ref isTouched, true); // only when it changes: all cores read this line
    }

    /// <summary>Whether it was asked for since this was last called.</summary>
    public bool TakeTouch()
    {
        var was = Volatile.Read(ref isTouched);
        Volatile.Write(ref isTouched, false);
        return was;
    }

    /// <summary>Answers a request with it: 304, the headers alone, or all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="store">Told of compressed copies; null when the answer is not kept.</param>
    public Task WriteAsync(HttpContext context, AnswerStore? store)
    {
        var (request, response) = (context.Request, context.Response);
        var coding = isCompressible ? ContentCoding.Choose(request.Headers.AcceptEncoding) : Coding.Identity;
        var headers = response.Headers;
        headers.CacheControl = CacheControl;
        headers.Vary = Vary;
        if (EntityTag.Matches(request.Headers.IfNoneMatch, opaqueTag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            headers.ETag = coding switch { Coding.Brotli => brotliTag, Coding.Gzip => gzipTag, _ => identity.ETag };
            headers.ContentType = default;
            headers.ContentLength = null;
            return Task.CompletedTask;
        }

        var variant = VariantOf(coding, store);
        response.StatusCode = StatusCodes.Status200OK;
        headers.ETag = variant.ETag;
        headers.ContentType = ContentType;
        headers.ContentLength = variant.Body.Length;
        if (variant.Encoding.Count > 0) headers.ContentEncoding = variant.Encoding;
        foreach (var (name, value) in Headers) headers[name] = value;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(variant.Body, 0, variant.Body.Length);
    }

    private Variant VariantOf(Coding coding, AnswerStore? store) => coding switch
    {
        Coding.Brotli => Volatile.Read(ref brotli) ?? Compress(coding, ref brotliBegun, ref brotli, new(brotliTag, BrotliName), store),
        Coding.Gzip => Volatile.Read(ref gzip) ?? Compress(coding, ref gzipBegun, ref gzip, new(gzipTag, GzipName), store),
        _ => identity,
    };

    /// <summary>The copy; the answer as it came for those who ask while another makes it, and when it would not be smaller.</summary>
    private Variant Compress(Coding coding, ref int begun, ref Variant? copy, CopyHeaders headers, AnswerStore? store)
    {
        if (Interlocked.Exchange(ref begun, 1) == 1) return Volatile.Read(ref copy) ?? identity;
        var bytes = ContentCoding.Compress(identity.Body, coding, isForLater: store is not null);
        var made = bytes is null ? identity : new Variant(bytes, headers.ETag, headers.Encoding);
        Volatile.Write(ref copy, made);
        if (bytes is not null) store?.Grow(this, bytes.Length);
        return made;
    }

    private sealed record Variant(byte[] Body, StringValues ETag, StringValues Encoding);

    private readonly record struct CopyHeaders(StringValues ETag, StringValues Encoding);
}
