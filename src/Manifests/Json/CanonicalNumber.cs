namespace PackRelay.Manifests.Json;

/// <summary>
/// The integers that every JSON reader agrees on. A number may be written as it likes (<c>5.0</c>, <c>1e3</c>, <c>-0</c>) as long as its exact value is one of them;
/// it is never rounded to one, so <c>1e-400</c> and <c>9007199254740991.1</c> are refused although a reader with doubles would not see the difference.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>2^53 - 1: beyond it a double skips integers.</summary>
    public const long Max = 9_007_199_254_740_991;

    private const int MaxDigits = 16;

    /// <param name="token">A well-formed JSON number.</param>
    /// <param name="value">Its value; 0 when it is refused.</param>
    public static bool TryRead(ReadOnlySpan<byte> token, out long value)
    {
        value = 0;
        var negative = token[0] == (byte)'-';
        if (negative) token = token[1..];
        var exponentAt = token.IndexOfAny((byte)'e', (byte)'E');
        long exponent = exponentAt < 0 ? 0 : ReadExponent(token[(exponentAt + 1)..]);
        var digits = exponentAt < 0 ? token : token[..exponentAt];

        // value = (all digits without the point) x 10^(exponent - digits after the point); zeros at both ends change nothing.
        var point = digits.IndexOf((byte)'.');
        var last = digits.LastIndexOfAnyExcept((byte)'0', (byte)'.');
        if (last < 0) return true;
        var first = digits.IndexOfAnyExcept((byte)'0', (byte)'.');
        var end = point < 0 ? digits.Length : point;
        exponent += last < end ? end - 1 - last : end - last;
        var significant = digits[first..(last + 1)];
        var count = first < point && point < last ? significant.Length - 1 : significant.Length;
        if (exponent < 0 || exponent > MaxDigits || count + exponent > MaxDigits) return false;

        long magnitude = 0;
        foreach (var digit in significant)
            if (digit != (byte)'.') magnitude = (magnitude * 10) + (digit - '0');
        for (; exponent > 0; exponent--) magnitude *= 10;
        if (magnitude > Max) return false;
        value = negative ? -magnitude : magnitude;
        return true;
    }

    /// <summary>The exponent, cut off far outside of what any document's digits could bring back into range.</summary>
    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == (byte)'-';
        if (negative || text[0] == (byte)'+') text = text[1..];
        long exponent = 0;
        foreach (var digit in text) exponent = Math.Min((exponent * 10) + (digit - '0'), int.MaxValue * 4L);
        return negative ? -exponent : exponent;
    }
}
