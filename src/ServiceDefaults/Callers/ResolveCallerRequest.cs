namespace PackRelay.ServiceDefaults.Callers;

/// <summary>
/// What the gateway asks Identity on <c>POST /internal/callers</c> (not reachable from outside). 200 answers with the caller as a
/// <see cref="CallerToken"/> in plain text; 401 says that the secret is unknown, expired or revoked.
/// </summary>
/// <param name="Kind">What the secret is.</param>
/// <param name="Secret">The API token or the session cookie's value, as the client sent it.</param>
public sealed record ResolveCallerRequest(CredentialKind Kind, string Secret);
