using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.Gateway.Callers;

/// <summary>SHA-256 of a credential: what the cache is keyed by, so that no secret stays in memory longer than its request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CredentialHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public static CredentialHash Of(Credential credential)
    {
        // The kind is part of it: a token's text sent as a cookie is another credential.
        Span<byte> bytes = stackalloc byte[1 + (3 * Credential.MaxSecretLength)];
        bytes[0] = (byte)credential.Kind;
        var length = Encoding.UTF8.GetBytes(credential.Secret, bytes[1..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(1 + length)], hash);
        return MemoryMarshal.Read<CredentialHash>(hash);
    }
}
