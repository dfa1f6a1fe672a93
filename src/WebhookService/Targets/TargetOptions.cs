using System.Net;

namespace PackRelay.WebhookService.Targets;

/// <summary>Section <c>Webhooks</c>: where webhooks may be sent.</summary>
public sealed class TargetOptions
{
    /// <summary>
    /// Comma-separated CIDR ranges, such as <c>127.0.0.0/8,::1/128</c>, that webhooks may reach although they are not public, and over plain http;
    /// default empty. Whoever may create a webhook can make the hub send requests to these ranges.
    /// </summary>
    public string AllowedNetworks { get; set; } = "";

    /// <summary>Reads <see cref="AllowedNetworks"/>. False when an entry is not a range.</summary>
    internal bool TryGetNetworks(out IPNetwork[] networks)
    {
        var entries = AllowedNetworks.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        networks = new IPNetwork[entries.Length];
        for (var i = 0; i < entries.Length; i++)
            if (!IPNetwork.TryParse(entries[i], out networks[i])) return false;
        return true;
    }
}
