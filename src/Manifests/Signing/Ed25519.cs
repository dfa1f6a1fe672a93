using System.Security.Cryptography;

namespace PackRelay.Manifests.Signing;

/// <summary>Plain Ed25519 (RFC 8032), verified as strictly as libsodium does: no small-order or non-canonical keys, no malleable signatures.</summary>
/// <remarks>Thread-safe. Every member throws <see cref="DllNotFoundException"/>, naming the Debian package, where libsodium is not installed.</remarks>
public static class Ed25519
{
    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeySizeBytes = 32;

    /// <summary>Bytes of a seed: the private key in RFC 8032's sense.</summary>
    public const int SeedSizeBytes = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSizeBytes = 64;

    private const int SecretKeySizeBytes = SeedSizeBytes + PublicKeySizeBytes; // libsodium keeps both halves together

    /// <summary>Whether <paramref name="signature"/> over <paramref name="message"/> was made with the key. A key or signature of a wrong length is simply not right.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Libsodium.EnsureReady();
        return publicKey.Length == PublicKeySizeBytes && signature.Length == SignatureSizeBytes
            && Libsodium.Verify(signature, message, (ulong)message.Length, publicKey) == 0;
    }

    /// <summary>Whether a key may be registered: 32 bytes that are the canonical form of a point of the main subgroup, and not one of small order, with which anybody could sign.</summary>
    public static bool IsAcceptablePublicKey(ReadOnlySpan<byte> publicKey)
    {
        Libsodium.EnsureReady();
        return publicKey.Length == PublicKeySizeBytes && Libsodium.IsValidPoint(publicKey) == 1;
    }

    /// <summary>The public key that belongs to a seed.</summary>
    /// <param name="seed">Exactly 32 secret, random bytes.</param>
    public static byte[] DerivePublicKey(ReadOnlySpan<byte> seed)
    {
        Span<byte> secretKey = stackalloc byte[SecretKeySizeBytes];
        try
        {
            Expand(seed, secretKey);
            return secretKey[SeedSizeBytes..].ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretKey);
        }
    }

    /// <summary>Signs a message; the same seed and message always give the same 64 bytes.</summary>
    /// <param name="seed">Exactly 32 secret, random bytes.</param>
    /// <param name="message">What to sign.</param>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        Span<byte> secretKey = stackalloc byte[SecretKeySizeBytes];
        try
        {
            Expand(seed, secretKey);
            var signature = new byte[SignatureSizeBytes];
            Libsodium.Sign(signature, 0, message, (ulong)message.Length, secretKey);
            return signature;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretKey);
        }
    }

    private static void Expand(ReadOnlySpan<byte> seed, Span<byte> secretKey)
    {
        if (seed.Length != SeedSizeBytes) throw new ArgumentException($"A seed has exactly {SeedSizeBytes} bytes.", nameof(seed));
        Libsodium.EnsureReady();
        Span<byte> publicKey = stackalloc byte[PublicKeySizeBytes];
        Libsodium.SeedKeyPair(publicKey, secretKey, seed);
    }
}
