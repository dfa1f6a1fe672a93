using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Keys;

/// <summary>A key id has a slash in it, which clients send as <c>%2F</c> within one segment; routing leaves exactly that escape alone.</summary>
internal static class KeyRoute
{
    public static string Unescape(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public static bool IsKeyId(string text) => KeyId.TryParse(text, out _);
}
