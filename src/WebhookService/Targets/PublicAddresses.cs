using System.Net;

namespace PackRelay.WebhookService.Targets;

/// <summary>Tells addresses of the public internet from all others: the special-purpose ranges of RFC 6890 and multicast are not public.</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network; Linux connects it to loopback
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), // link-local, where clouds keep their metadata
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    /// <summary>What is handed out of IPv6 so far. Loopback, unique-local, link-local, site-local, multicast and the NAT64 prefixes lie outside.</summary>
    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialIPv6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4 carries an IPv4 address of anybody's choice
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Whether anybody on the internet may be expected behind this address.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = Unmap(address);
        return plain.AddressFamily switch
        {
            System.Net.Sockets.AddressFamily.InterNetwork => !Array.Exists(SpecialIPv4, range => range.Contains(plain)),
            System.Net.Sockets.AddressFamily.InterNetworkV6 => GlobalIPv6.Contains(plain) && !Array.Exists(SpecialIPv6, range => range.Contains(plain)),
            _ => false,
        };
    }

    /// <summary>An IPv4 address written as <c>::ffff:a.b.c.d</c> is connected to as IPv4, so it is judged as IPv4.</summary>
    public static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
