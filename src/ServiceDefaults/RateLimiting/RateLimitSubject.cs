using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Who a limit is counted for, as part of a key.</summary>
public static class RateLimitSubject
{
    private const int NetworkBytes = 8; // an IPv6 subscriber gets a /64 or more: counting single addresses would count nothing

    /// <summary>A client address; IPv6 by its /64 network. <c>unknown</c> when the connection has none.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString();
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes).ToString() + "/64";
    }

    /// <summary>Something people typed, such as a login: hashed, so that it is short, of harmless letters, and not to be read in Redis.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
