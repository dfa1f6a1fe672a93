using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace PackRelay.Gateway.Answers;

/// <summary>
/// An entity tag. A compressed copy has other bytes, so another strong tag: the same with the coding's name at its end. Whoever sends any of them
/// back has the content.
/// </summary>
/// <param name="Opaque">What stands between the quotes.</param>
/// <param name="IsWeak">Whether the service called it weak.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EntityTag(string Opaque, bool IsWeak)
{
    public const string BrotliSuffix = "-br";
    public const string GzipSuffix = "-gzip";

    private const int HashBytes = 16; // 128 bits: two pages of one route never meet

    /// <summary>The service's tag, or the hash of the body.</summary>
    public static EntityTag Of(StringValues header, ReadOnlySpan<byte> body)
    {
        var text = header.ToString().AsSpan();
        var isWeak = text.StartsWith("W/", StringComparison.Ordinal);
        if (isWeak) text = text[2..];
        if (text.Length > 2 && text[0] == '"' && text[^1] == '"') return new(text[1..^1].ToString(), isWeak);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return new(Convert.ToHexStringLower(hash[..HashBytes]), IsWeak: false);
    }

    /// <summary>The header for the content in this coding.</summary>
    public StringValues Header(string suffix) => $"{(IsWeak ? "W/" : "")}\"{Opaque}{suffix}\"";

    /// <summary>Whether If-None-Match names the content: a list, compared weakly, or <c>*</c>.</summary>
    public static bool Matches(StringValues ifNoneMatch, string opaque)
    {
        for (var i = 0; i < ifNoneMatch.Count; i++)
        {
            if (Matches(ifNoneMatch[i], opaque)) return true;
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> list, string opaque)
    {
        while (true)
        {
            list = list.TrimStart(" \t,");
            if (list.IsEmpty) return false;
            if (list[0] == '*') return true;
            if (list.StartsWith("W/", StringComparison.Ordinal)) list = list[2..];
            if (list.IsEmpty || list[0] != '"') return false; // not a tag: nothing that follows can be trusted
            var end = list[1..].IndexOf('"');
            if (end < 0) return false;
            if (Names(list.Slice(1, end), opaque)) return true;
            list = list[(end + 2)..];
        }
    }

    private static bool Names(ReadOnlySpan<char> tag, string opaque) =>
        tag.StartsWith(opaque, StringComparison.Ordinal) && tag[opaque.Length..] is ("" or BrotliSuffix or GzipSuffix);
}
