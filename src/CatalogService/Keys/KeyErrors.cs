using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Keys;

internal static class KeyErrors
{
    /// <summary>409: the account has a key of this name; a key's bytes never change.</summary>
    public const string KeyExists = "key_exists";

    /// <summary>400: not a point of the main subgroup of the curve: everybody, or nobody, could sign with it.</summary>
    public const string WeakKey = "weak_key";

    public static ApiError NotFound(string keyId) => ApiError.NotFound("key", keyId);
}
