using System.Numerics;
using System.Text;

namespace PackRelay.Heartbeats;

/// <summary>API tokens as Identity makes them: <c>prl_</c>, 32 bytes in 43 base62 digits, and the CRC-32 of all that in 6.</summary>
internal static class ApiTokens
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Create(ReadOnlySpan<byte> random)
    {
        var body = "prl_" + Digits(new BigInteger(random, isUnsigned: true, isBigEndian: true), 43);
        return body + Digits(Crc32(Encoding.ASCII.GetBytes(body)), 6);
    }

    private static string Digits(BigInteger number, int count)
    {
        var digits = new char[count];
        for (var position = count - 1; position >= 0; position--)
        {
            number = BigInteger.DivRem(number, Base62.Length, out var digit);
            digits[position] = Base62[(int)digit];
        }

        return new string(digits);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
