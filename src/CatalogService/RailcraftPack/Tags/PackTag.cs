using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PackRelay.CatalogService.RailcraftPack.Tags;

/// <summary>
/// What the dialect calls a version: <c>3.01</c>. Clients compare tags as numbers, which semantic versions are not. The whole part counts the versions that changed a file of the players; the hundredths count
/// those since then that changed files of servers alone.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PackTag(int Whole, int Hundredths)
{
    private const int MaxHundredths = 99;

    private static readonly SearchValues<char> Letters = SearchValues.Create("0123456789.");

    /// <summary>The tag of the version that follows. After 99 changes of servers alone the next one takes a whole number: tags must grow.</summary>
    public PackTag Next(bool isClientChange) => isClientChange || Hundredths == MaxHundredths ? new(Whole + 1, 0) : this with { Hundredths = Hundredths + 1 };

    /// <summary>Reads a tag, also as a client writes it that keeps numbers: <c>3</c> and <c>3.1</c> are 3.00 and 3.10.</summary>
    public static bool TryParse(string text, out PackTag tag)
    {
        tag = default;
        if (text.AsSpan().ContainsAnyExcept(Letters)) return false; // the parser itself overlooks U+0000
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue) return false;
        var whole = decimal.Floor(number);
        var hundredths = (number - whole) * 100;
        if (hundredths != decimal.Floor(hundredths)) return false;
        tag = new((int)whole, (int)hundredths);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Whole}.{Hundredths:00}");
}
