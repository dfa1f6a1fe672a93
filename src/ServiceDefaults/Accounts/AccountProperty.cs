namespace PackRelay.ServiceDefaults.Accounts;

/// <summary>The catalog's answer to Identity on <c>GET /internal/accounts/{id}/property</c> (not reachable from outside).</summary>
/// <param name="Packs">Packs that the account owns, private ones too.</param>
/// <param name="Servers">Servers that it owns.</param>
public sealed record AccountProperty(long Packs, long Servers);
