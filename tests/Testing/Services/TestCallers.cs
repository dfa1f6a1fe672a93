using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Testing.Services;

/// <summary>Callers as the gateway makes them.</summary>
public static class TestCallers
{
    /// <summary>A person signed in by a session, of a fresh account.</summary>
    public static Caller Session(string username, Role role = default, params string[] scopes) => Make(username, role, CredentialKind.Session, scopes);

    /// <summary>A program with an API token, of a fresh account.</summary>
    public static Caller Token(string username, Role role = default, params string[] scopes) => Make(username, role, CredentialKind.Token, scopes);

    private static Caller Make(string username, Role role, CredentialKind credential, string[] scopes) => new()
    {
        AccountId = Guid.NewGuid(),
        Username = username,
        DisplayName = username,
        Role = role,
        Credential = credential,
        CredentialId = Guid.NewGuid(),
        Scopes = new HashSet<string>(scopes, StringComparer.Ordinal),
    };
}
