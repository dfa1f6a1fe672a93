namespace PackRelay.Contracts;

/// <summary>A credential stopped working, or opens other things now: an API token was revoked, a session ended, a key or client of the Solder dialect was changed or deleted. Whoever caches it drops it at once.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="CredentialId">Id of the token, session, key or client.</param>
/// <param name="AccountId">Account it belonged to; empty for keys and clients of the Solder dialect.</param>
public sealed record TokenRevoked(Guid EventId, DateTimeOffset OccurredAt, Guid CredentialId, Guid AccountId) : IHubEvent;

/// <summary>An account was created, or its name, role, plan or permissions changed; or it was deleted, which is its last event.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="AccountId">The account's id.</param>
/// <param name="Revision">Grows with every change of this account.</param>
/// <param name="Username">Sign-in name, also the first half of its key ids.</param>
/// <param name="DisplayName">Name shown to people.</param>
/// <param name="Role"><c>player</c>, <c>server_owner</c> or <c>admin</c>.</param>
/// <param name="Plan"><c>free</c> or <c>pro</c>.</param>
/// <param name="Deleted">Whether its owner deleted it: whoever keeps something of the account's own removes it. The username stays taken.</param>
/// <param name="MinecraftName">Name in Minecraft; null when not given.</param>
/// <param name="MinecraftUuid">Id in Minecraft; null when not given.</param>
public sealed record AccountChanged(
    Guid EventId, DateTimeOffset OccurredAt, Guid AccountId, long Revision, string Username, string DisplayName, string Role, string Plan, bool Deleted = false,
    string? MinecraftName = null, Guid? MinecraftUuid = null) : IHubEvent;
