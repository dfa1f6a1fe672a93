using PackRelay.Manifests.Json;
using PackRelay.Manifests.Reading;

namespace PackRelay.Manifests.Signing;

/// <summary>What a manifest's signature is worth.</summary>
public enum ManifestVerification
{
    /// <summary>The key signed exactly these members.</summary>
    Valid,

    /// <summary>There is no signature of the right form, or it was made by another key or over other members.</summary>
    InvalidSignature,

    /// <summary>The document has no canonical form, so nobody can have signed it.</summary>
    NotCanonicalisable,
}

/// <summary>Verifies the signature of a manifest in whatever order and spacing it was sent.</summary>
/// <remarks>Thread-safe. It works on pooled memory: a manifest of 5,000 files costs no more allocations than one of five.</remarks>
public static class ManifestVerifier
{
    /// <summary>Verifies with the key that the caller looked up by <c>signature.publicKeyId</c>. It looks at the signature only: the shape is <see cref="ManifestReader"/>'s part.</summary>
    /// <param name="utf8">The document as it was sent.</param>
    /// <param name="publicKey">32 bytes; of any other length nothing verifies.</param>
    public static ManifestVerification Verify(ReadOnlyMemory<byte> utf8, ReadOnlySpan<byte> publicKey)
    {
        if (!StrictJson.TryParse(utf8, out var document, out _)) return ManifestVerification.NotCanonicalisable;
        using (document)
        {
            using var writer = new CanonicalWriter(utf8);
            writer.Write(document.RootElement, omit: "signature"u8);
            if (writer.Fatal is not null || writer.Problems.Count > 0) return ManifestVerification.NotCanonicalisable;
            Span<byte> signature = stackalloc byte[Ed25519.SignatureSizeBytes];
            return SignatureShape.TryReadValue(document.RootElement, signature) && Ed25519.Verify(publicKey, writer.Written, signature)
                ? ManifestVerification.Valid
                : ManifestVerification.InvalidSignature;
        }
    }
}
