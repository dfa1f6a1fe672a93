namespace PackRelay.Contracts;

/// <summary>
/// Somebody did something that bears on security. Identity keeps these for administrators to read. Nothing in it is a secret: no password, token,
/// key or cookie, and no text that a client sent, unless it passed the route's checks.
/// </summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it was done, UTC.</param>
/// <param name="Action">What was done: one of <see cref="AuditActions"/>.</param>
/// <param name="Target">What it was done to: <c>pack:my-pack</c>, <c>key:publisher/main</c>, <c>account:&lt;id&gt;</c>.</param>
/// <param name="ActorId">Account that did it; null when nobody was signed in.</param>
/// <param name="ActorName">That account's username at the time; null with it.</param>
/// <param name="Credential"><c>none</c>, <c>token</c> or <c>session</c>.</param>
/// <param name="CredentialId">Id of the token or session; null without one.</param>
/// <param name="Address">Address of the client as the gateway saw it; null when the request did not come through it.</param>
/// <param name="SubjectId">Account that it was done to, where that is not the actor; else null.</param>
/// <param name="Details">Further short values by name, such as <c>reason</c>; null without any.</param>
public sealed record AuditRecorded(
    Guid EventId, DateTimeOffset OccurredAt, string Action, string Target, Guid? ActorId, string? ActorName, string Credential, Guid? CredentialId,
    string? Address, Guid? SubjectId, IReadOnlyDictionary<string, string>? Details) : IHubEvent;

/// <summary>The actions that are written into the audit log; docs/API.md lists them.</summary>
public static class AuditActions
{
    /// <summary>An account was created.</summary>
    public const string AccountCreated = "account.created";

    /// <summary>A player became a server owner by themselves.</summary>
    public const string AccountBecameServerOwner = "account.became_server_owner";

    /// <summary>An administrator changed role, plan, permissions or suspension; the details say what to what.</summary>
    public const string AccountChangedByAdmin = "account.changed_by_admin";

    /// <summary>Its owner deleted the account.</summary>
    public const string AccountDeleted = "account.deleted";

    /// <summary>The password was changed.</summary>
    public const string PasswordChanged = "account.password_changed";

    /// <summary>Changing password or e-mail address, or deleting the account, was tried with a wrong password.</summary>
    public const string PasswordWrong = "account.password_wrong";

    /// <summary>The e-mail address was changed.</summary>
    public const string EmailChanged = "account.email_changed";

    /// <summary>Somebody signed in.</summary>
    public const string SignedIn = "session.signed_in";

    /// <summary>A sign-in was refused: wrong password, unknown login or suspended account.</summary>
    public const string SignInFailed = "session.sign_in_failed";

    /// <summary>A session was ended, by signing out or from the list.</summary>
    public const string SessionEnded = "session.ended";

    /// <summary>All sessions of an account were ended.</summary>
    public const string SessionsEnded = "session.all_ended";

    /// <summary>An API token was minted.</summary>
    public const string TokenCreated = "token.created";

    /// <summary>An API token was revoked.</summary>
    public const string TokenRevoked = "token.revoked";

    /// <summary>Client credentials were made.</summary>
    public const string ClientCreated = "client.created";

    /// <summary>Client credentials were deleted.</summary>
    public const string ClientDeleted = "client.deleted";

    /// <summary>An administrator made a Solder key.</summary>
    public const string SolderKeyCreated = "solder_key.created";

    /// <summary>An administrator deleted a Solder key.</summary>
    public const string SolderKeyDeleted = "solder_key.deleted";

    /// <summary>An administrator added a message to players.</summary>
    public const string MessageCreated = "message.created";

    /// <summary>An administrator deleted a message to players.</summary>
    public const string MessageDeleted = "message.deleted";

    /// <summary>A client of the Solder dialect was made.</summary>
    public const string SolderClientCreated = "solder_client.created";

    /// <summary>A client of the Solder dialect got another name or other modpacks.</summary>
    public const string SolderClientChanged = "solder_client.changed";

    /// <summary>A client of the Solder dialect was deleted.</summary>
    public const string SolderClientDeleted = "solder_client.deleted";

    /// <summary>A pack was deleted.</summary>
    public const string PackDeleted = "pack.deleted";

    /// <summary>Somebody was made a member of a pack, or their role in it changed.</summary>
    public const string MemberAdded = "pack.member_added";

    /// <summary>Somebody is no member of a pack any more.</summary>
    public const string MemberRemoved = "pack.member_removed";

    /// <summary>A pack was offered to another account.</summary>
    public const string TransferOffered = "pack.transfer_offered";

    /// <summary>An offer was taken: the pack has another owner.</summary>
    public const string TransferAccepted = "pack.transfer_accepted";

    /// <summary>An offer was taken back or declined.</summary>
    public const string TransferEnded = "pack.transfer_ended";

    /// <summary>A version of a package was published.</summary>
    public const string PackagePublished = "package.published";

    /// <summary>A version was published.</summary>
    public const string VersionPublished = "version.published";

    /// <summary>A version was withdrawn.</summary>
    public const string VersionWithdrawn = "version.withdrawn";

    /// <summary>A withdrawn version was restored.</summary>
    public const string VersionRestored = "version.restored";

    /// <summary>A publisher's signing key was registered.</summary>
    public const string KeyRegistered = "key.registered";

    /// <summary>A publisher's signing key was revoked.</summary>
    public const string KeyRevoked = "key.revoked";

    /// <summary>A server was deleted.</summary>
    public const string ServerDeleted = "server.deleted";

    /// <summary>A webhook was created.</summary>
    public const string WebhookCreated = "webhook.created";

    /// <summary>A webhook was deleted.</summary>
    public const string WebhookDeleted = "webhook.deleted";

    /// <summary>A webhook leads elsewhere now.</summary>
    public const string WebhookUrlChanged = "webhook.url_changed";

    /// <summary>A webhook got a new secret.</summary>
    public const string WebhookSecretRotated = "webhook.secret_rotated";
}
