using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.Gateway.Callers;

/// <summary>What Identity said about a credential.</summary>
/// <param name="caller">The caller; null when the credential is unknown, expired or revoked.</param>
/// <param name="askedAt">Time stamp of the clock when Identity was asked.</param>
internal sealed class KnownCaller(Caller? caller, long askedAt)
{
    private static readonly TimeSpan TokenReuse = TimeSpan.FromSeconds(20); // of the 60 s that a service accepts it

    private Minted? minted;

    /// <summary>The caller; null when the credential is unknown, expired or revoked.</summary>
    public Caller? Caller => caller;

    /// <summary>The account, as the subject of its rate limit.</summary>
    public string Subject { get; } = caller?.AccountId.ToString("N") ?? "";

    /// <summary>Whether the answer still holds: it is younger than this, and the credential has not come to its end since.</summary>
    public bool Holds(TimeSpan age, TimeProvider clock) =>
        clock.GetElapsedTime(askedAt) < age && !(caller?.CredentialExpiresAt <= clock.GetUtcNow());

    /// <summary>The header's value for the services; made anew every 20 s. Without what only the Solder dialect needs: an account may have a thousand modpacks.</summary>
    public string Header(CallerToken tokens, TimeProvider clock)
    {
        var last = Volatile.Read(ref minted);
        if (last is not null && clock.GetElapsedTime(last.At) < TokenReuse) return last.Value;
        last = new Minted(tokens.Write(caller! with { Solder = SolderGrants.None }), clock.GetTimestamp()); // made twice when two come at once: no harm
        Volatile.Write(ref minted, last);
        return last.Value;
    }

    private sealed record Minted(string Value, long At);
}
