using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Callers;

/// <summary>
/// Collects when credentials were used, so that the database is told once a second for all of them together and not once per request.
/// Holds one entry per credential, whatever the traffic.
/// </summary>
internal sealed class CredentialUses
{
    private readonly Lock gate = new();

    private Dictionary<(CredentialKind Kind, Guid Id), DateTimeOffset> pending = [];

    public void Record(CredentialKind kind, Guid id, DateTimeOffset at)
    {
        lock (gate)
        {
            if (!pending.TryGetValue((kind, id), out var known) || known < at) pending[(kind, id)] = at;
        }
    }

    /// <summary>Hands over what was collected and begins anew.</summary>
    public IReadOnlyDictionary<(CredentialKind Kind, Guid Id), DateTimeOffset> Take()
    {
        lock (gate)
        {
            var taken = pending;
            pending = [];
            return taken;
        }
    }
}
