using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.IdentityService.Accounts;

/// <summary>What the fields of an account may hold. Each check gives null or the error to answer with.</summary>
internal static partial class AccountRules
{
    public const int LongestPassword = 1024;

    public const int LongestEmail = 254; // what fits into an SMTP path, RFC 5321

    private const int ShortestPassword = 10;

    private const int LongestName = 80;

    private const int LongestCredentialName = 100;

    private const int LongestImage = 2048;

    public static ApiError? CheckUsername(string username) => Username().IsMatch(username)
        ? null
        : ApiError.Invalid("username", "3 to 32 of a-z, 0-9, dot and hyphen; the first and the last a letter or digit");

    public static ApiError? CheckEmail(string email) => email.Length <= LongestEmail && Email().IsMatch(email)
        ? null
        : ApiError.Invalid("email", $"an address such as name@example.org in ASCII, at most {LongestEmail} characters");

    public static ApiError? CheckPassword(string password, string member = "password") => password.Length is >= ShortestPassword and <= LongestPassword
        ? null
        : ApiError.BadRequest(AccountCodes.WeakPassword, $"{member}: {ShortestPassword} to {LongestPassword} characters");

    /// <summary>The name that a person gives to a credential to know it again.</summary>
    public static ApiError? CheckName(string name) => name.Trim() is { Length: > 0 and <= LongestCredentialName } && IsShowable(name)
        ? null
        : ApiError.Invalid("name", $"1 to {LongestCredentialName} characters, some of them visible, without control characters");

    public static ApiError? CheckImage(string? image) => image is null || IsHttpsAddress(image)
        ? null
        : ApiError.Invalid("image", $"an absolute https address of at most {LongestImage} characters, or null");

    public static ApiError? CheckMinecraftName(string? name) => name is null || MinecraftName().IsMatch(name)
        ? null
        : ApiError.Invalid("minecraftName", "2 to 16 letters, digits or underscores, or null");

    /// <summary>Reads a Minecraft id, which its sources write with and without hyphens.</summary>
    public static bool TryReadMinecraftUuid(string? text, out Guid? uuid, [NotNullWhen(false)] out ApiError? error)
    {
        uuid = Guid.TryParseExact(text, "D", out var parsed) || Guid.TryParseExact(text, "N", out parsed) ? parsed : null;
        error = text is null || uuid is not null ? null : ApiError.Invalid("minecraftUuid", "32 hex digits, with or without hyphens, or null");
        return error is null;
    }

    /// <summary>Takes a name for people without the spaces around it.</summary>
    public static bool TryReadDisplayName(string? text, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out ApiError? error)
    {
        name = text?.Trim();
        if (name is { Length: > 0 and <= LongestName } && IsShowable(name))
        {
            error = null;
            return true;
        }

        name = null;
        error = ApiError.Invalid("displayName", $"1 to {LongestName} characters, some of them visible, without control characters");
        return false;
    }

    /// <summary>
    /// Something to see, no control characters, line ends or marks that turn the direction of the text after them, with which one name
    /// could pass for another. Joiners stay allowed: scripts and emoji need them.
    /// </summary>
    public static bool IsShowable(string text)
    {
        var visible = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)) return false;
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return false;
            visible |= category is not (UnicodeCategory.SpaceSeparator or UnicodeCategory.Format);
        }

        return visible;
    }

    private static bool IsHttpsAddress(string text) =>
        text.Length <= LongestImage
        && !text.Any(char.IsWhiteSpace) // which the next line takes at both ends
        && Uri.IsWellFormedUriString(text, UriKind.Absolute)
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps
        && address.Host.Length > 0
        && address.UserInfo.Length == 0;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,30}[a-z0-9]\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Username();

    // The dot-atom form of RFC 5322 before the @, a host name of two or more labels after it.
    [GeneratedRegex(
        @"\A(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{0,62}[A-Za-z0-9]\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Email();

    [GeneratedRegex(@"\A[A-Za-z0-9_]{2,16}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MinecraftName();
}
