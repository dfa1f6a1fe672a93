using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Secrets;

/// <summary>Section <c>Identity:Passwords</c>.</summary>
public sealed class PasswordWorkOptions
{
    /// <summary>Passwords hashed at the same time; 1 to 64, default half of the processors and at least one.</summary>
    [Range(1, 64)]
    public int? Concurrency { get; set; }

    /// <summary>Further ones that may wait for their turn; beyond that the answer is 503 <c>unavailable</c>. 0 to 10,000, default 50, which is some five seconds on a slow core.</summary>
    [Range(0, 10_000)]
    public int QueueLimit { get; set; } = 50;
}
