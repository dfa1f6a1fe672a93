namespace PackRelay.CatalogService.Solder;

/// <summary>
/// The order in which Solder lists the mods of a build: PHP's natural one in either case, so that <c>mod2</c> comes before <c>mod10</c>. Runs of digits are compared as numbers, or,
/// when one begins with a zero, digit by digit as behind a decimal point; spaces do not count.
/// </summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = WithoutZeros(x);
        var right = WithoutZeros(y);
        while (true)
        {
            left = left.TrimStart();
            right = right.TrimStart();
            if (left.IsEmpty || right.IsEmpty) return left.Length.CompareTo(right.Length);
            var (order, leftUsed, rightUsed) = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                ? CompareNumbers(Digits(left), Digits(right))
                : (char.ToUpperInvariant(left[0]).CompareTo(char.ToUpperInvariant(right[0])), 1, 1);
            if (order != 0) return order;
            left = left[leftUsed..];
            right = right[rightUsed..];
        }
    }

    private static (int Order, int Left, int Right) CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var isFraction = left[0] == '0' || right[0] == '0';
        var order = isFraction || left.Length == right.Length ? left.SequenceCompareTo(right) : left.Length.CompareTo(right.Length);
        return (order, left.Length, right.Length);
    }

    /// <summary>Zeros at the very beginning do not count.</summary>
    private static ReadOnlySpan<char> WithoutZeros(ReadOnlySpan<char> text)
    {
        while (text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1])) text = text[1..];
        return text;
    }

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text : text[..end];
    }
}
