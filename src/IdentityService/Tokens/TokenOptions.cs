using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Tokens;

/// <summary>Section <c>Identity:Tokens</c>.</summary>
public sealed class TokenOptions
{
    /// <summary>API tokens that an account may have at a time, without the revoked and the expired ones; 1 to 10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int PerAccount { get; set; } = 100;
}
