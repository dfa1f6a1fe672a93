using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Keys;

/// <summary>Who may change what keys there are.</summary>
internal static class KeyRules
{
    /// <summary>403 for a token that is restricted to packs, else null: a key signs for every pack of its account, and a token that leaked must not end them all.</summary>
    public static ApiError? Refusal(Caller caller) => caller.Packs is null ? null : ApiError.Forbidden("keys are the whole account's, and the API token is restricted to packs");
}
