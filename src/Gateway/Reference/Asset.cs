using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using PackRelay.Gateway.Answers;

namespace PackRelay.Gateway.Reference;

/// <summary>A file that is part of the gateway, or of a package of it. It is read at its first request; after that it stays in memory, plain and compressed.</summary>
internal sealed class Asset(Assembly assembly, string resource, string contentType)
{
    private readonly Lazy<Content> content = new(() => Read(assembly, resource));

    /// <summary>Answers with the file, compressed for those who take that, or with 304 to those who have it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        var isCompressed = TakesGzip(context.Request);
        var tag = new EntityTag(content.Value.Hash, IsWeak: false);
        response.Headers.ETag = tag.Header(isCompressed ? EntityTag.GzipSuffix : "");
        response.Headers.Vary = "Accept-Encoding";
        if (EntityTag.Matches(context.Request.Headers.IfNoneMatch, content.Value.Hash))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var bytes = isCompressed ? content.Value.Compressed : content.Value.Plain;
        if (isCompressed) response.Headers.ContentEncoding = "gzip";
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>One compressed form is enough: every client that takes Brotli takes gzip.</summary>
    private static bool TakesGzip(HttpRequest request) =>
        ContentCoding.Choose(request.Headers.AcceptEncoding) != Coding.Identity && request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    private static Content Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{assembly} has no resource '{resource}'.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        var bytes = buffer.ToArray();
        var isCompressed = bytes is [0x1F, 0x8B, ..]; // packages embed their scripts so
        var plain = isCompressed ? Decompress(bytes) : bytes;
        return new Content(plain, isCompressed ? bytes : Compress(plain), Convert.ToHexStringLower(SHA256.HashData(plain)));
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize)) gzip.Write(bytes);
        return target.ToArray();
    }

    private static byte[] Decompress(byte[] bytes)
    {
        using var source = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private sealed record Content(byte[] Plain, byte[] Compressed, string Hash);
}
