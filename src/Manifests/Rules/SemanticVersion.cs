using System.Diagnostics.CodeAnalysis;

namespace PackRelay.Manifests.Rules;

/// <summary>A version after Semantic Versioning 2.0.0, such as <c>1.2.3</c> or <c>1.2.3-beta.1</c>, ordered by its rule 11 (build metadata does not count).</summary>
/// <remarks>Numbers may have any count of digits within the <see cref="MaxLength"/>: they are compared as text and never overflow.</remarks>
public sealed class SemanticVersion
{
    /// <summary>Most characters; a version is a path segment of URLs.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule of a manifest's version in words, to follow a field's name.</summary>
    public const string Rule = "must be a semantic version such as 1.2.3 or 1.2.3-beta.1, without build metadata, of at most 64 characters";

    private readonly string _text;
    private readonly string[] _core;
    private readonly string[] _preRelease;

    private SemanticVersion(string text, string[] core, string[] preRelease, string? build)
    {
        (_text, _core, _preRelease, Build) = (text, core, preRelease, build);
    }

    /// <summary>Whether it comes before the release of the same three numbers.</summary>
    public bool IsPreRelease => _preRelease.Length > 0;

    /// <summary>What stands behind the plus sign; null without one.</summary>
    public string? Build { get; }

    /// <summary>Reads any semantic version.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text is null or { Length: > MaxLength }) return false;
        var (rest, build) = Cut(text, '+');
        var (numbers, preRelease) = Cut(rest, '-');
        var core = numbers.Split('.');
        if (core.Length != 3 || !Array.TrueForAll(core, IsNumber)) return false;
        var identifiers = preRelease?.Split('.') ?? [];
        if (!Array.TrueForAll(identifiers, i => IsIdentifier(i) && (!IsDigits(i) || IsNumber(i)))) return false;
        if (build is not null && !Array.TrueForAll(build.Split('.'), IsIdentifier)) return false;
        version = new SemanticVersion(text, core, identifiers, build);
        return true;
    }

    /// <summary>Whether <paramref name="text"/> may be a manifest's version: pre-releases may, build metadata may not, because two versions that differ in it alone have no order.</summary>
    public static bool IsManifestVersion(string? text) => TryParse(text, out var version) && version.Build is null;

    /// <summary>Negative when <paramref name="left"/> comes before <paramref name="right"/>, 0 when neither does. It is no equality: 1.0.0+a and 1.0.0+b rank alike.</summary>
    public static int ComparePrecedence(SemanticVersion left, SemanticVersion right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        for (var i = 0; i < left._core.Length; i++)
        {
            var difference = CompareNumbers(left._core[i], right._core[i]);
            if (difference != 0) return difference;
        }
        if (left.IsPreRelease != right.IsPreRelease) return left.IsPreRelease ? -1 : 1;
        for (var i = 0; i < Math.Min(left._preRelease.Length, right._preRelease.Length); i++)
        {
            var difference = CompareIdentifiers(left._preRelease[i], right._preRelease[i]);
            if (difference != 0) return difference;
        }
        return left._preRelease.Length.CompareTo(right._preRelease.Length);
    }

    /// <summary>The version as it was written.</summary>
    public override string ToString() => _text;

    private static (string Before, string? After) Cut(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static bool IsNumber(string text) => IsDigits(text) && (text.Length == 1 || text[0] != '0');

    private static bool IsIdentifier(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static int CompareNumbers(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    private static int CompareIdentifiers(string left, string right) => (IsDigits(left), IsDigits(right)) switch
    {
        (true, true) => CompareNumbers(left, right),
        (true, false) => -1, // numbers come before words
        (false, true) => 1,
        _ => string.CompareOrdinal(left, right),
    };
}
