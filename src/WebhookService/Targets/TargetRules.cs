using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Options;

namespace PackRelay.WebhookService.Targets;

/// <summary>Where webhooks may be sent: https to the public internet, and whatever the operator allowed on top.</summary>
internal sealed class TargetRules
{
    private const int LongestUrl = 2_000;

    private readonly IPNetwork[] allowed;

    public TargetRules(IOptions<TargetOptions> options)
    {
        if (!options.Value.TryGetNetworks(out allowed)) throw new OptionsValidationException("Webhooks", typeof(TargetOptions), [TargetsFeature.AllowedNetworksRule]);
    }

    /// <summary>Whether a connection to this address is fine; asked for the very address that is connected to, after resolution.</summary>
    public bool Admit(IPAddress address, bool encrypted) => IsAllowed(address) || (encrypted && PublicAddresses.Contain(address));

    /// <summary>Whether a URL may be stored. A host name passes: only the address it has at the time of sending says where it leads.</summary>
    public bool TryParse(string text, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? problem)
    {
        problem = Problem(text, out url);
        return problem is null && url is not null;
    }

    private string? Problem(string text, out Uri? url)
    {
        url = null;
        if (text.Length > LongestUrl) return $"at most {LongestUrl} characters";
        // The Uri class would trim, escape or map these and go on; then another host might be reached than the one we looked at.
        if (text.Any(letter => letter is <= ' ' or >= '\u007F' or '\\'))
            return "only printable ASCII, without spaces and backslashes; write other characters percent-encoded, and a host name in its xn-- form";
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme is not ("https" or "http")) return "must be an absolute https address";
        if (HasUserInfo(text)) return "must not carry a user name or password";
        if (url.IdnHost.Length == 0 || url.Port == 0) return "must name a host, and a port from 1 to 65535 if any";
        var encrypted = url.Scheme == Uri.UriSchemeHttps;
        if (TryGetLiteral(url, out var address))
            return Admit(address, encrypted) ? null : IsAllowedOrPublic(address) ? "must be https" : "the address is not on the public internet";
        return encrypted || allowed.Length > 0 ? null : "must be https";
    }

    private bool IsAllowed(IPAddress address)
    {
        var plain = PublicAddresses.Unmap(address);
        return Array.Exists(allowed, network => network.Contains(plain));
    }

    private bool IsAllowedOrPublic(IPAddress address) => Admit(address, encrypted: true);

    private static bool HasUserInfo(string text)
    {
        var start = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.AsSpan(start).IndexOfAny('/', '?', '#');
        return text.AsSpan(start, end < 0 ? text.Length - start : end).Contains('@');
    }

    /// <summary>Recognises an address in every notation that a resolver takes: dotted, decimal, octal, hexadecimal, IPv6, with a trailing dot.</summary>
    private static bool TryGetLiteral(Uri url, [NotNullWhen(true)] out IPAddress? address) => IPAddress.TryParse(url.IdnHost.TrimEnd('.'), out address);
}
