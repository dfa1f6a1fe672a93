using System.Globalization;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>Sizes for people, as the dialect writes them: <c>12.5MB</c>, by powers of 1024, with one decimal from 1 KB on.</summary>
internal static class SizeText
{
    private static readonly string[] Units = ["KB", "MB", "GB"];

    public static string Of(long sizeBytes)
    {
        if (sizeBytes < 1024) return string.Create(CultureInfo.InvariantCulture, $"{sizeBytes}B");
        var (size, unit) = (sizeBytes / 1024m, 0);
        while (Math.Round(size, 1) >= 1024 && unit < Units.Length - 1) (size, unit) = (size / 1024, unit + 1);
        return size.ToString("0.0", CultureInfo.InvariantCulture) + Units[unit];
    }
}
