using System.Security.Cryptography;

namespace PackRelay.IdentityService.Secrets;

/// <summary>Random text of letters and digits, which survives forms, command lines and query strings as it is.</summary>
internal static class Base62
{
    public const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Nearly six random bits a letter.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString(Digits, length);
}
