using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Clients;

/// <summary>Section <c>Identity:Clients</c>.</summary>
public sealed class ClientOptions
{
    /// <summary>Client credentials that an account may have at a time; 1 to 1,000, default 20.</summary>
    [Range(1, 1_000)]
    public int PerAccount { get; set; } = 20;
}
