using System.Security.Cryptography;
using System.Text;

namespace PackRelay.IdentityService.Secrets;

/// <summary>
/// What is stored of a secret that we made ourselves. 256 random bits need no salt and no slow hash, and looking a row up by the hash
/// leaves no comparison whose time could tell anything.
/// </summary>
internal static class SecretHash
{
    /// <summary>SHA-256 of the secret's text.</summary>
    public static byte[] Of(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
