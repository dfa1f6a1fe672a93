using System.Globalization;

namespace PackRelay.CatalogService.Servers;

/// <summary>Where players connect to: <c>host</c> or <c>host:port</c>.</summary>
internal static class ConnectAddress
{
    public const string Rule = "a host name or IP address, with :port (1 to 65535) or without; an IPv6 address in brackets";

    public static bool IsValid(string address)
    {
        if (address.Length is 0 or > 261) return false; // a name of 255, a colon and a port
        var colon = address.StartsWith('[') ? address.IndexOf(':', Math.Max(0, address.IndexOf(']', StringComparison.Ordinal))) : address.IndexOf(':', StringComparison.Ordinal);
        var host = colon < 0 ? address : address[..colon];
        if (colon >= 0 && !IsPort(address[(colon + 1)..])) return false;
        return host.StartsWith('[')
            ? host.EndsWith(']') && !host.Contains('%', StringComparison.Ordinal) && Uri.CheckHostName(host[1..^1]) == UriHostNameType.IPv6 // %zone names an interface of one machine
            : Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
    }

    private static bool IsPort(string text) =>
        text.Length is >= 1 and <= 5 && text.All(char.IsAsciiDigit) && int.Parse(text, CultureInfo.InvariantCulture) is >= 1 and <= 65_535;
}
