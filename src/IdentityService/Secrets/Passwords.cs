using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace PackRelay.IdentityService.Secrets;

/// <summary>What became of a password check.</summary>
internal enum PasswordCheck
{
    /// <summary>It is not the account's password, or there is no such account.</summary>
    Wrong,

    /// <summary>It is the account's password.</summary>
    Right,

    /// <summary>It is, and its hash was made with an older work factor: store a new one.</summary>
    RightButOutdated,

    /// <summary>Too many checks are waiting; nothing was checked.</summary>
    Busy,
}

/// <summary>
/// Hashes and checks passwords with the framework's hasher at its current work factor. That work is dear on purpose, so only a few run at
/// once and a bounded number waits: a flood of sign-ins slows sign-ins down and leaves the rest of the service its processors.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private readonly PasswordHasher<Passwords> hasher;

    private readonly ConcurrencyLimiter slots;

    private readonly string hashOfNobody;

    public Passwords(IOptions<PasswordWorkOptions> options, IOptions<PasswordHasherOptions> hasherOptions)
    {
        hasher = new(hasherOptions);
        slots = new(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.Concurrency ?? Math.Max(1, Environment.ProcessorCount / 2),
            QueueLimit = options.Value.QueueLimit,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        hashOfNobody = hasher.HashPassword(this, Guid.NewGuid().ToString());
    }

    /// <summary>The text to store for a password; null when too many are waiting.</summary>
    public async Task<string?> HashAsync(string password, CancellationToken stop)
    {
        using var slot = await slots.AcquireAsync(permitCount: 1, stop);
        return slot.IsAcquired ? hasher.HashPassword(this, password) : null;
    }

    /// <summary>Checks a password. Without a stored hash it does the same work in vain, so that the time does not tell whether the login exists.</summary>
    public async Task<PasswordCheck> CheckAsync(string? storedHash, string password, CancellationToken stop)
    {
        using var slot = await slots.AcquireAsync(permitCount: 1, stop);
        if (!slot.IsAcquired) return PasswordCheck.Busy;
        var result = hasher.VerifyHashedPassword(this, storedHash ?? hashOfNobody, password);
        if (storedHash is null) return PasswordCheck.Wrong;
        return result switch
        {
            PasswordVerificationResult.Success => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordCheck.RightButOutdated,
            _ => PasswordCheck.Wrong,
        };
    }

    public void Dispose() => slots.Dispose();
}
