using System.Buffers.Binary;
using System.Text;

namespace PackRelay.Manifests.Json;

/// <summary>The order of JavaScript's <c>sort()</c> and C#'s <see cref="StringComparer.Ordinal"/>, computed on UTF-8 without making strings.</summary>
internal static class Utf16Order
{
    private const byte PrivateUse = 0xEE; // first byte of U+E000 to U+FFFF is EE or EF
    private const byte Supplementary = 0xF0; // first byte of U+10000 and above
    private const byte LastFirstByte = 0xF4; // and the last one there is

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length.CompareTo(right.Length);
        return Rank(left[same]).CompareTo(Rank(right[same]));
    }

    /// <summary>The first eight bytes as a number: where two keys differ they are in the order of <see cref="Compare"/>, which most comparisons then need not ask.</summary>
    public static ulong KeyOf(ReadOnlySpan<byte> text)
    {
        Span<byte> start = stackalloc byte[sizeof(ulong)];
        start.Clear(); // a shorter name sorts first, like one padded with U+0000; the tie with such a name is Compare's to break
        text[..Math.Min(text.Length, start.Length)].CopyTo(start);
        if (!Ascii.IsValid(start))
            foreach (ref var value in start) value = Rank(value);
        return BinaryPrimitives.ReadUInt64BigEndian(start);
    }

    /// <summary>
    /// UTF-8 sorts by code point, UTF-16 too, except that the surrogates (D800 to DFFF) of supplementary characters come before U+E000 to U+FFFF.
    /// Only first bytes are that large, so it is enough to let F0 to F4 change places with EE and EF.
    /// </summary>
    private static byte Rank(byte value) => value switch
    {
        < PrivateUse => value,
        >= Supplementary => (byte)(value - (Supplementary - PrivateUse)),
        _ => (byte)(value + (LastFirstByte - Supplementary) + 1),
    };
}
