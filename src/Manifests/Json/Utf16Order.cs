namespace PackRelay.Manifests.Json;

/// <summary>The order of JavaScript's <c>sort()</c> and C#'s <see cref="StringComparer.Ordinal"/>, computed on UTF-8 without making strings.</summary>
internal static class Utf16Order
{
    private const byte PrivateUse = 0xEE; // first byte of U+E000 to U+FFFF is EE or EF
    private const byte Supplementary = 0xF0; // first byte of U+10000 and above

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length.CompareTo(right.Length);
        var (a, b) = (left[same], right[same]);

        // UTF-8 sorts by code point, UTF-16 too, except that the surrogates (D800 to DFFF) of supplementary characters come before U+E000 to U+FFFF.
        // Only first bytes are that large, so the first difference tells.
        if (a >= PrivateUse && b >= PrivateUse && a >= Supplementary != b >= Supplementary) return a >= Supplementary ? -1 : 1;
        return a.CompareTo(b);
    }
}
