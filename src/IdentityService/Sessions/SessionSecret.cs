using System.Buffers.Text;
using System.Security.Cryptography;

namespace PackRelay.IdentityService.Sessions;

/// <summary>The value of a session cookie: 32 random bytes in base64url.</summary>
internal static class SessionSecret
{
    private const int SizeBytes = 32;

    private const int Length = 43;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SizeBytes));

    /// <summary>Whether a cookie's value can be one of ours at all; anything else is not worth a query.</summary>
    public static bool IsWellFormed(string value) => value.Length == Length && Base64Url.IsValid(value);
}
