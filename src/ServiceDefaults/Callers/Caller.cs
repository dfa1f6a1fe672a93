using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>With what a caller proved who it is.</summary>
public enum CredentialKind
{
    /// <summary>With nothing.</summary>
    None,

    /// <summary>An API token in the Authorization header.</summary>
    Token,

    /// <summary>The session cookie of a signed-in person.</summary>
    Session,

    /// <summary>A key of the Solder dialect, <c>k</c>: it belongs to no account and only opens modpacks for reading.</summary>
    SolderKey,

    /// <summary>The id of a client of the Solder dialect, <c>cid</c>: the same for the modpacks that it is attached to.</summary>
    SolderClient,

    /// <summary>The id, secret and token of a Railcraft client.</summary>
    Client,
}

/// <summary>Who makes a request, as the gateway established it. Handlers take it as a parameter.</summary>
public sealed record Caller
{
    /// <summary>Somebody without credentials.</summary>
    public static Caller Anonymous { get; } = new();

    /// <summary>The account; empty for an anonymous caller.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The account's sign-in name, also the first half of its key ids.</summary>
    public string Username { get; init; } = "";

    /// <summary>The account's name for people.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The account's role.</summary>
    public Role Role { get; init; }

    /// <summary>The account's plan: <c>free</c> or <c>pro</c>.</summary>
    public string Plan { get; init; } = "free";

    /// <summary>With what the caller proved who it is.</summary>
    public CredentialKind Credential { get; init; }

    /// <summary>Id of the token, session or client; empty for an anonymous caller.</summary>
    public Guid CredentialId { get; init; }

    /// <summary>What the credential allows (see <see cref="Callers.Scopes"/>).</summary>
    public IReadOnlySet<string> Scopes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Slugs of the only packs the token may touch; null when it is not restricted.</summary>
    public IReadOnlyList<string>? Packs { get; init; }

    /// <summary>Slugs of the only servers the token may touch; null when it is not restricted.</summary>
    public IReadOnlyList<string>? Servers { get; init; }

    /// <summary>When the credential ends unless it is renewed, UTC; null for an anonymous caller.</summary>
    public DateTimeOffset? CredentialExpiresAt { get; init; }

    /// <summary>What the caller may do and see in the Solder dialect; filled on its routes only.</summary>
    public SolderGrants Solder { get; init; } = SolderGrants.None;

    /// <summary>True without credentials.</summary>
    public bool IsAnonymous => Credential == CredentialKind.None;

    /// <summary>Whether the credential's own restriction admits this pack; ownership is asked elsewhere.</summary>
    public bool MayTouchPack(string slug) => Packs is null || Packs.Contains(slug, StringComparer.Ordinal);

    /// <summary>Whether the credential's own restriction admits this server; ownership is asked elsewhere.</summary>
    public bool MayTouchServer(string slug) => Servers is null || Servers.Contains(slug, StringComparer.Ordinal);

    /// <summary>Whether the caller has a flag of the Solder dialect (see <see cref="SolderFlags"/>); administrators have them all.</summary>
    public bool MayInSolder(string flag) => !IsAnonymous && (Role == Role.Admin || Solder.Flags.Contains(SolderFlags.Full, StringComparer.Ordinal) || Solder.Flags.Contains(flag, StringComparer.Ordinal));

    /// <summary>Binds a handler's parameter of this type to the request's caller.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(context.GetCaller());
}
