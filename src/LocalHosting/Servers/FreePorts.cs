using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PackRelay.LocalHosting.Servers;

/// <summary>Finds loopback ports that nobody uses.</summary>
public static class FreePorts
{
    private const int Lowest = 15_000;

    /// <summary>
    /// One free port. It lies below the range from which the kernel takes the ports of outgoing connections, because such a connection could
    /// otherwise take the port between this look and the server's start, or while a server is being restarted.
    /// </summary>
    public static int Next()
    {
        var highest = LowestOutgoingPort();
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, highest);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"No free loopback port between {Lowest} and {highest}.");
    }

    /// <summary>True when both loopback addresses can be bound at this port.</summary>
    public static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException error)
        {
            // A machine may know IPv6 without having its loopback address.
            return error.SocketErrorCode == SocketError.AddressNotAvailable && address.AddressFamily == AddressFamily.InterNetworkV6;
        }
    }

    private static int LowestOutgoingPort()
    {
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        var lowest = File.Exists(Range) && int.TryParse(File.ReadAllText(Range).Split('\t', ' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 32_768;
        return lowest > Lowest + 1000 ? lowest : 65_536;
    }
}
