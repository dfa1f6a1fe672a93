using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace PackRelay.WebhookService.Secrets;

/// <summary>An encrypted signing secret.</summary>
/// <param name="KeyId">Names the key it was encrypted with.</param>
/// <param name="Bytes">Nonce, ciphertext and tag.</param>
internal sealed record SealedSecret(string KeyId, byte[] Bytes);

/// <summary>Encrypts signing secrets with AES-256-GCM, bound to their endpoint so that no row's secret works in another row.</summary>
internal sealed class SecretVault
{
    private const int NonceBytes = 12;

    private const int TagBytes = 16;

    private readonly Key current;

    private readonly Key? previous;

    public SecretVault(IOptions<SecretOptions> options)
    {
        current = Derive(options.Value.SecretsKey);
        previous = options.Value.PreviousSecretsKey is { } text ? Derive(text) : null;
    }

    /// <summary>Names the key that secrets are encrypted with now.</summary>
    public string KeyId => current.Id;

    /// <summary>A new secret: <c>whsec_</c> and 32 random bytes in base64.</summary>
    public static string Create() => WebhookSecret.Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public SealedSecret Seal(Guid endpointId, string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var bytes = new byte[NonceBytes + text.Length + TagBytes];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(current.Bytes, TagBytes);
        cipher.Encrypt(bytes.AsSpan(0, NonceBytes), text, bytes.AsSpan(NonceBytes, text.Length), bytes.AsSpan(^TagBytes..), endpointId.ToByteArray(bigEndian: true));
        return new SealedSecret(current.Id, bytes);
    }

    /// <summary>Reads a secret back. False when the key it was encrypted with is no longer configured.</summary>
    public bool TryOpen(Guid endpointId, SealedSecret secret, [NotNullWhen(true)] out WebhookSecret? opened)
    {
        opened = TryDecrypt(endpointId, secret, out var text) ? new WebhookSecret(text) : null;
        return opened is not null;
    }

    /// <summary>The same secret, encrypted with the present key. False when the key it was encrypted with is no longer configured.</summary>
    public bool TryReseal(Guid endpointId, SealedSecret secret, [NotNullWhen(true)] out SealedSecret? resealed)
    {
        resealed = TryDecrypt(endpointId, secret, out var text) ? Seal(endpointId, text) : null;
        return resealed is not null;
    }

    private bool TryDecrypt(Guid endpointId, SealedSecret secret, [NotNullWhen(true)] out string? decrypted)
    {
        decrypted = null;
        var key = secret.KeyId == current.Id ? current : secret.KeyId == previous?.Id ? previous : null;
        if (key is null) return false;

        var text = new byte[secret.Bytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key.Bytes, TagBytes);
        cipher.Decrypt(
            secret.Bytes.AsSpan(0, NonceBytes), secret.Bytes.AsSpan(NonceBytes, text.Length), secret.Bytes.AsSpan(^TagBytes..), text, endpointId.ToByteArray(bigEndian: true));
        decrypted = Encoding.UTF8.GetString(text);
        return true;
    }

    private static Key Derive(string text)
    {
        var master = Encoding.UTF8.GetBytes(text);
        var id = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 8, info: "packrelay webhook secrets: key id"u8.ToArray());
        return new Key(Convert.ToHexStringLower(id), HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: "packrelay webhook secrets: key"u8.ToArray()));
    }

    private sealed record Key(string Id, byte[] Bytes);
}
