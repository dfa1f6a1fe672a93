using System.Security.Cryptography;
using System.Text;

namespace PackRelay.WebhookService.Tests;

/// <summary>The recipe in C# of docs/WEBHOOKS.md, line by line: <see cref="RecipeTests"/> compares the two, and runs this one.</summary>
internal static class CSharpRecipe
{
    public static bool IsValid(string secret, string? signature, byte[] body)
    {
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature ?? ""));
    }
}
