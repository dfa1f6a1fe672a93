using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.WebhookService.Secrets;

/// <summary>A signing secret in the clear, for as long as it takes to sign.</summary>
/// <param name="text">The whole secret, as its owner was shown it.</param>
internal sealed class WebhookSecret(string text)
{
    public const string Prefix = "whsec_";

    /// <summary>Value of <c>X-PackRelay-Signature</c>: the key is the text of the whole secret, the message is the body alone.</summary>
    public string SignBody(ReadOnlySpan<byte> body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(text), body));

    /// <summary>
    /// One entry of <c>webhook-signature</c> as Standard Webhooks defines it: the key is what stands behind the prefix, decoded;
    /// the message is id, timestamp and body, joined by dots.
    /// </summary>
    public string SignMessage(Guid deliveryId, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{deliveryId}.{at.ToUnixTimeSeconds()}."));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(text[Prefix.Length..]));
        hmac.AppendData(head);
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
