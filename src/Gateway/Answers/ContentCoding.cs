using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace PackRelay.Gateway.Answers;

/// <summary>How a body is coded.</summary>
internal enum Coding
{
    /// <summary>As it is.</summary>
    Identity,

    /// <summary><c>gzip</c></summary>
    Gzip,

    /// <summary><c>br</c></summary>
    Brotli,
}

/// <summary>Chooses a coding by Accept-Encoding, and compresses. Without that header a body goes out as it is: launchers store the bytes that they get.</summary>
internal static class ContentCoding
{
    private const int Window = 22;
    private const double NotNamed = -1;

    public static Coding Choose(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0) return Coding.Identity;
        var (brotli, gzip, identity, others) = (NotNamed, NotNamed, NotNamed, NotNamed);
        for (var i = 0; i < acceptEncoding.Count; i++)
        {
            var list = acceptEncoding[i].AsSpan();
            foreach (var range in list.Split(','))
            {
                var name = Read(list[range], out var quality);
                if (name.Equals("br", StringComparison.OrdinalIgnoreCase)) brotli = quality;
                else if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)) gzip = quality;
                else if (name.Equals("identity", StringComparison.OrdinalIgnoreCase)) identity = quality;
                else if (name is "*") others = quality;
            }
        }

        if (brotli < 0) brotli = others;
        if (gzip < 0) gzip = others;
        var best = Math.Max(brotli, gzip);
        if (best <= 0 || identity > best) return Coding.Identity;
        return brotli >= gzip ? Coding.Brotli : Coding.Gzip;
    }

    /// <summary>The compressed bytes; null when they would not be fewer.</summary>
    /// <param name="body">What to compress.</param>
    /// <param name="coding">How.</param>
    /// <param name="isForLater">Whether it will be sent many times, so that more effort pays.</param>
    public static byte[]? Compress(byte[] body, Coding coding, bool isForLater)
    {
        if (coding == Coding.Brotli)
        {
            var bytes = new byte[body.Length];
            return BrotliEncoder.TryCompress(body, bytes, out var written, isForLater ? 5 : 2, Window) ? bytes[..written] : null;
        }

        using var target = new MemoryStream(body.Length / 2);
        using (var gzip = new GZipStream(target, isForLater ? CompressionLevel.Optimal : CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body);
        return target.Length < body.Length ? target.ToArray() : null;
    }

    private static ReadOnlySpan<char> Read(ReadOnlySpan<char> item, out double quality)
    {
        quality = 1;
        var semicolon = item.IndexOf(';');
        if (semicolon < 0) return item.Trim();
        var parameter = item[(semicolon + 1)..].Trim();
        if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read))
        {
            quality = read;
        }

        return item[..semicolon].Trim();
    }
}
