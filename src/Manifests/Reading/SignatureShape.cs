using System.Text.Json;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Rules;
using PackRelay.Manifests.Signing;

namespace PackRelay.Manifests.Reading;

/// <summary>The member <c>signature</c>: the only object that may have no further members, because nothing signs them.</summary>
internal static class SignatureShape
{
    private const int ValueLength = 2 * Ed25519.SignatureSizeBytes;

    public static ManifestSignature Read(ObjectReader root, ProblemList problems)
    {
        var nothing = new ManifestSignature(default, "");
        if (!root.TryGet("signature"u8, out var element))
        {
            root.Report("signature"u8, "is missing");
            return nothing;
        }
        var signature = new ObjectReader(element, "signature", problems);
        if (!signature.IsObject()) return nothing;
        signature.Text("algo"u8, text => text is ManifestSignature.Algorithm, $"must be {ManifestSignature.Algorithm}");
        var keyText = signature.Text("publicKeyId"u8, text => KeyId.TryParse(text, out _), KeyId.Rule);
        var value = signature.Text("value"u8, IsValue, $"must be {ValueLength} lower-case hexadecimal digits");
        foreach (var member in element.EnumerateObject())
            if (member.Name is not ("algo" or "publicKeyId" or "value")) problems.Add("signature", "must have no members but algo, publicKeyId and value");
        return new ManifestSignature(KeyId.TryParse(keyText, out var keyId) ? keyId : default, value);
    }

    /// <summary>Whether a JSON value is a signature's value.</summary>
    internal static bool IsValue(string text) => text.Length == ValueLength && text.AsSpan().HasOnly(AsciiRules.LowerHex);

    /// <summary>The signature's bytes without looking at the rest; false when they are not there.</summary>
    internal static bool TryReadValue(JsonElement root, Span<byte> signature) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("signature", out var element) && element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text && IsValue(text)
        && Convert.FromHexString(text, signature, out _, out _) == System.Buffers.OperationStatus.Done;
}
