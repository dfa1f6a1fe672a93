using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using PackRelay.IdentityService.Secrets;

namespace PackRelay.IdentityService.Solder;

/// <summary>The text of a Solder token: its number, a bar, and <c>sldr_</c> with 43 random letters and digits.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Secret">What stands behind the bar.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct SolderTokenSecret(long Id, string Secret)
{
    private const int RandomDigits = 43; // 62^43 > 2^256

    /// <summary>A new secret; the number comes with its row.</summary>
    public static string Create() => "sldr_" + Base62.Random(RandomDigits);

    /// <summary>Reads a token; false when it cannot be one of ours.</summary>
    public static bool TryRead(string text, out SolderTokenSecret token)
    {
        var found = Pattern().Match(text);
        token = found.Success ? new(long.Parse(found.Groups["id"].ValueSpan, CultureInfo.InvariantCulture), found.Groups["secret"].Value) : default;
        return found.Success;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}|{Secret}");

    [GeneratedRegex(@"\A(?<id>[1-9][0-9]{0,17})\|(?<secret>sldr_[0-9A-Za-z]{43})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Pattern();
}
