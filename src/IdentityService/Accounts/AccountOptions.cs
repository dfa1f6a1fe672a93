namespace PackRelay.IdentityService.Accounts;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class AccountOptions
{
    /// <summary>Whether a player may become a server owner without being asked; default true.</summary>
    public bool SelfServiceServerOwner { get; set; } = true;
}
