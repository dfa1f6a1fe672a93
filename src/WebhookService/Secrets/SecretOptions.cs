using System.ComponentModel.DataAnnotations;

namespace PackRelay.WebhookService.Secrets;

/// <summary>Section <c>Webhooks</c>: how the signing secrets of webhooks are kept.</summary>
public sealed class SecretOptions
{
    /// <summary>Encrypts the signing secrets at rest; at least 32 characters, the same in every replica, no default.</summary>
    [Required, MinLength(32)]
    public string SecretsKey { get; set; } = "";

    /// <summary>
    /// The key before the present one: what it encrypted can still be read, what is new is encrypted with the present one, and 5 minutes after the start the rest is
    /// too. Default none.
    /// </summary>
    [MinLength(32)]
    public string? PreviousSecretsKey { get; set; }
}
