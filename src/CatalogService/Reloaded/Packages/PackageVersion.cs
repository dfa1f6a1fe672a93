using System.Diagnostics.CodeAnalysis;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>
/// A package's version: after Semantic Versioning 2.0.0, or <c>0.0.0.</c> and the version that a package of older loaders had. The latter come before all others.
/// </summary>
internal sealed class PackageVersion
{
    public const int MaxLength = SemanticVersion.MaxLength;

    public const string Rule = "a semantic version such as 1.2.3 or 1.2.3-beta.1, without build metadata, or 0.0.0. and a version of the older kind; at most 64 characters";

    private const string LegacyPrefix = "0.0.0.";

    private readonly SemanticVersion? semantic;

    private readonly string[] legacy;

    private PackageVersion(SemanticVersion? semantic, string[] legacy) => (this.semantic, this.legacy) = (semantic, legacy);

    public bool IsPreRelease => semantic is { IsPreRelease: true };

    /// <summary>Whether packages may be published under it: two versions that differ in build metadata alone have no order.</summary>
    public bool MayBePublished => semantic?.Build is null;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PackageVersion? version)
    {
        version = null;
        if (SemanticVersion.TryParse(text, out var semantic)) version = new PackageVersion(semantic, []);
        else if (text is { Length: > 6 and <= MaxLength } && text.StartsWith(LegacyPrefix, StringComparison.Ordinal) && text[LegacyPrefix.Length..].Split('.') is var parts && Array.TrueForAll(parts, IsPart))
            version = new PackageVersion(null, parts);
        return version is not null;
    }

    /// <summary>Negative when <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static int ComparePrecedence(PackageVersion left, PackageVersion right)
    {
        if (left.semantic is not null && right.semantic is not null) return SemanticVersion.ComparePrecedence(left.semantic, right.semantic);
        if (left.semantic is not null || right.semantic is not null) return left.semantic is null ? -1 : 1;
        for (var i = 0; i < Math.Min(left.legacy.Length, right.legacy.Length); i++)
        {
            var difference = Compare(left.legacy[i], right.legacy[i]);
            if (difference != 0) return difference;
        }

        return left.legacy.Length.CompareTo(right.legacy.Length);
    }

    /// <summary>Numbers by their value, however many digits they have; words after them.</summary>
    private static int Compare(string left, string right)
    {
        var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        if (!leftIsNumber || !rightIsNumber) return leftIsNumber == rightIsNumber ? string.CompareOrdinal(left, right) : leftIsNumber ? -1 : 1;
        var (a, b) = (left.TrimStart('0'), right.TrimStart('0'));
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }

    private static bool IsPart(string part) => part.Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
