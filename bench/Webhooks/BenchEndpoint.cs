using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.Webhooks;

/// <summary>An endpoint of the benchmark: where it listens, and the key of its signatures.</summary>
internal sealed record BenchEndpoint(Uri Address, byte[] Key)
{
    private const string SecretPrefix = "whsec_";

    public static BenchEndpoint Parse(string line)
    {
        var (address, secret) = line.Split('\t') is [var first, var second] ? (first, second) : throw new FormatException("A line must be an address, a tab and a secret.");
        return new BenchEndpoint(new Uri(address), Convert.FromBase64String(secret[SecretPrefix.Length..]));
    }

    /// <summary>The signature of Standard Webhooks, version 1.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        var signed = new byte[head.Length + body.Length];
        head.CopyTo(signed, 0);
        body.CopyTo(signed.AsSpan(head.Length));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Key, signed))}";
    }
}
