using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace PackRelay.Gateway.Callers;

/// <summary>
/// Identity's answers, kept for a while. Requests with the same credential that come while Identity is being asked wait for that one answer. An
/// eviction bears on answers under way too: whatever was asked before it is asked again.
/// </summary>
internal sealed class CallerCache(IdentityCallers identity, IOptions<CallerCacheOptions> options, TimeProvider clock)
{
    private const int MaxEvictionsRemembered = 10_000;
    private const int MaxAttempts = 5;

    private readonly CallerCacheOptions settings = options.Value;
    private readonly ConcurrentDictionary<CredentialHash, KnownCaller> known = new();
    private readonly ConcurrentDictionary<CredentialHash, KnownCaller> unknown = new();

    private readonly Lock gate = new(); // guards what follows, and every write to the two above
    private readonly Dictionary<Guid, HashSet<CredentialHash>> byId = []; // of accounts and of credentials
    private readonly Dictionary<CredentialHash, Task<KnownCaller>> asking = [];
    private readonly Dictionary<Guid, long> evictions = []; // since the oldest question under way
    private long sequence;
    private long clearedAt;
    private long refusalsForgottenAt;

    /// <summary>What is known about a credential, asked of Identity when need be.</summary>
    /// <exception cref="HttpRequestException">Identity cannot be asked.</exception>
    public ValueTask<KnownCaller> FindAsync(Credential credential, CancellationToken stop)
    {
        if (credential.Secret.Length > Credential.MaxSecretLength) return new(new KnownCaller(null, clock.GetTimestamp()));
        var hash = CredentialHash.Of(credential);
        return TryGet(hash) is { } found ? new(found) : new(JoinAsync(hash, credential).WaitAsync(stop));
    }

    /// <summary>Forgets whatever belongs to this account, token or session.</summary>
    public void Evict(Guid id)
    {
        lock (gate)
        {
            sequence++;
            if (asking.Count > 0 && evictions.Count < MaxEvictionsRemembered) evictions[id] = sequence;
            else if (asking.Count > 0) clearedAt = sequence;
            if (!byId.TryGetValue(id, out var hashes)) return;
            foreach (var hash in hashes.ToArray()) Remove(hash);
        }
    }

    /// <summary>Forgets which credentials were refused: one of them may be good again.</summary>
    public void ForgetRefusals()
    {
        lock (gate)
        {
            refusalsForgottenAt = ++sequence;
            unknown.Clear();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            clearedAt = ++sequence;
            known.Clear();
            unknown.Clear();
            byId.Clear();
        }
    }

    private KnownCaller? TryGet(CredentialHash hash)
    {
        if (known.TryGetValue(hash, out var found) && found.Holds(settings.Lifetime, clock)) return found;
        return unknown.TryGetValue(hash, out found) && found.Holds(settings.UnknownLifetime, clock) ? found : null;
    }

    private Task<KnownCaller> JoinAsync(CredentialHash hash, Credential credential)
    {
        lock (gate)
        {
            if (TryGet(hash) is { } found) return Task.FromResult(found); // answered since the caller looked
            if (!asking.TryGetValue(hash, out var answer)) asking[hash] = answer = AskAsync(hash, credential);
            return answer;
        }
    }

    private async Task<KnownCaller> AskAsync(CredentialHash hash, Credential credential)
    {
        await Task.Yield(); // out of the lock, and after the task has been entered
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var began = Volatile.Read(ref sequence);
                var askedAt = clock.GetTimestamp();
                var answer = new KnownCaller(await identity.ResolveAsync(credential), askedAt);
                lock (gate)
                {
                    if (WasEvictedSince(began, answer) && attempt < MaxAttempts) continue;
                    if (attempt < MaxAttempts) Store(hash, answer);
                    EndAsking(hash);
                    return answer;
                }
            }
        }
        catch
        {
            lock (gate) EndAsking(hash);
            throw;
        }
    }

    private bool WasEvictedSince(long began, KnownCaller answer) => clearedAt > began
        || (answer.Caller is null && refusalsForgottenAt > began)
        || (answer.Caller is { } caller
            && ((evictions.TryGetValue(caller.AccountId, out var account) && account > began)
                || (evictions.TryGetValue(caller.CredentialId, out var credential) && credential > began)));

    private void Store(CredentialHash hash, KnownCaller answer)
    {
        Remove(hash);
        if (answer.Caller is not { } caller)
        {
            if (unknown.Count >= settings.Capacity / 10) unknown.Clear(); // somebody is guessing: nothing is lost
            unknown[hash] = answer;
            return;
        }

        if (known.Count >= settings.Capacity) MakeRoom();
        known[hash] = answer;
        if (caller.AccountId != Guid.Empty) Index(caller.AccountId, hash); // a key of the Solder dialect belongs to no account
        Index(caller.CredentialId, hash);
    }

    private void MakeRoom()
    {
        foreach (var (hash, answer) in known)
        {
            if (!answer.Holds(settings.Lifetime, clock)) Remove(hash);
        }

        if (known.Count < settings.Capacity) return;
        known.Clear(); // more callers a minute than the capacity: asking again is all it costs
        byId.Clear();
    }

    private void Remove(CredentialHash hash)
    {
        unknown.TryRemove(hash, out _);
        if (!known.TryRemove(hash, out var removed) || removed.Caller is not { } caller) return;
        Unindex(caller.AccountId, hash);
        Unindex(caller.CredentialId, hash);
    }

    private void Index(Guid id, CredentialHash hash)
    {
        if (!byId.TryGetValue(id, out var hashes)) byId[id] = hashes = [];
        hashes.Add(hash);
    }

    private void Unindex(Guid id, CredentialHash hash)
    {
        if (byId.TryGetValue(id, out var hashes) && hashes.Remove(hash) && hashes.Count == 0) byId.Remove(id);
    }

    private void EndAsking(CredentialHash hash)
    {
        asking.Remove(hash);
        if (asking.Count == 0) evictions.Clear();
    }
}
