using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Accounts;

/// <summary>Section <c>Identity:Admin</c>: the administrator who is made at start while the hub has none.</summary>
public sealed class FirstAdminOptions
{
    /// <summary>Sign-in name, kept free of other accounts; the rules of every username, default <c>admin</c>.</summary>
    [Required, RegularExpression(@"[a-z0-9][a-z0-9.\-]{1,30}[a-z0-9]")]
    public string Username { get; set; } = "admin";

    /// <summary>Password, 10 to 1,024 characters; without one no administrator is made. It has no say once there is an administrator.</summary>
    [RegularExpression(@"[\s\S]{10,1024}", ErrorMessage = "Identity:Admin:Password must have 10 to 1,024 characters.")]
    public string? Password { get; set; }
}
