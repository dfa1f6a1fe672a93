using System.Diagnostics.CodeAnalysis;
using PackRelay.Manifests.Json;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Signing;

/// <summary>Signs manifests, for publishing tools.</summary>
public static class ManifestSigner
{
    /// <summary>Puts the document into canonical form and signs it. A signature that it already has is replaced.</summary>
    /// <param name="utf8">A JSON object; its shape is not looked at.</param>
    /// <param name="keyId">Under which the public key is registered.</param>
    /// <param name="seed">The key's 32 secret bytes.</param>
    /// <param name="signedManifest">The canonical document with <c>signature</c> as its last member, ready to be published.</param>
    /// <param name="problem">Why the document cannot be signed.</param>
    public static bool TrySign(
        ReadOnlyMemory<byte> utf8, KeyId keyId, ReadOnlySpan<byte> seed, [NotNullWhen(true)] out byte[]? signedManifest, [NotNullWhen(false)] out ManifestProblem? problem)
    {
        signedManifest = null;
        var canonical = new System.Buffers.ArrayBufferWriter<byte>(Math.Max(utf8.Length, 256));
        if (!CanonicalJson.TryWrite(utf8, canonical, out problem, omit: "signature")) return false;
        var text = canonical.WrittenSpan;
        if (text[0] != (byte)'{')
        {
            problem = new ManifestProblem("", "must be an object");
            return false;
        }
        var value = Convert.ToHexStringLower(Ed25519.Sign(seed, text));
        var comma = text.Length > 2 ? "," : "";
        signedManifest = [.. text[..^1], .. System.Text.Encoding.UTF8.GetBytes(
            $$$"""{{{comma}}}"signature":{"algo":"{{{ManifestSignature.Algorithm}}}","publicKeyId":"{{{keyId}}}","value":"{{{value}}}"}}""")];
        return true;
    }
}
