using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PackRelay.IdentityService.Secrets;

namespace PackRelay.IdentityService.Tokens;

/// <summary>
/// The text of an API token: <c>prl_</c>, 32 random bytes as 43 base62 digits, and the CRC-32 of all that as 6 more. The prefix lets secret
/// scanners find a leaked token; the checksum lets them, and us, tell a token from something that only looks like one without a database.
/// It protects from typing errors, not from guessing: for that there are 256 random bits.
/// </summary>
internal static class TokenSecret
{
    private const string Prefix = "prl_";

    private const int RandomBytes = 32;

    private const int RandomDigits = 43; // 62^43 > 2^256

    private const int ChecksumDigits = 6; // 62^6 > 2^32

    private const int Length = 53;

    private static readonly SearchValues<char> Base62Digits = SearchValues.Create(Base62.Digits);

    public static string Create() => Create(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>The token of given random bytes.</summary>
    internal static string Create(ReadOnlySpan<byte> random)
    {
        var body = Prefix + Digits(new BigInteger(random, isUnsigned: true, isBigEndian: true), RandomDigits);
        return body + Checksum(body);
    }

    /// <summary>Whether a text can be one of our tokens at all; anything else is not worth a query.</summary>
    public static bool IsWellFormed(string token) =>
        token.Length == Length
        && token.StartsWith(Prefix, StringComparison.Ordinal)
        && token.AsSpan(Prefix.Length).IndexOfAnyExcept(Base62Digits) < 0
        && token.EndsWith(Checksum(token[..^ChecksumDigits]), StringComparison.Ordinal);

    private static string Checksum(string text) => Digits(Crc32(Encoding.ASCII.GetBytes(text)), ChecksumDigits);

    /// <summary>A number with leading zeros, so that every token has the same length.</summary>
    private static string Digits(BigInteger number, int count) => string.Create(count, number, static (digits, rest) =>
    {
        for (var position = digits.Length - 1; position >= 0; position--)
        {
            rest = BigInteger.DivRem(rest, Base62.Digits.Length, out var digit);
            digits[position] = Base62.Digits[(int)digit];
        }
    });

    /// <summary>CRC-32 as in ISO 3309 and zip. Bit by bit: 47 bytes need no table.</summary>
    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        const uint ReversedPolynomial = 0xEDB88320;
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ ReversedPolynomial;
        }

        return ~crc;
    }
}
