using System.ComponentModel.DataAnnotations;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>Section <c>Callers</c>.</summary>
public sealed class CallerOptions
{
    /// <summary>Key that the gateway signs callers with and the services verify them with; at least 32 characters, the same in every service, no default.</summary>
    [Required, MinLength(32)]
    public string SigningKey { get; set; } = "";
}
