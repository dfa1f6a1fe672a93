using System.Net;

namespace PackRelay.LocalHosting.Tests.Servers;

/// <summary>The addresses on which a process listens, from /proc: shows that nothing is reachable from outside.</summary>
internal static class ListeningSockets
{
    public static IReadOnlyList<string> AddressesOf(int processId)
    {
        var inodes = Directory.GetFiles($"/proc/{processId}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target[8..^1])
            .ToHashSet(StringComparer.Ordinal);
        return [.. ((string[])["tcp", "tcp6"])
            .SelectMany(table => File.ReadLines($"/proc/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => string.Equals(columns[3], "0A", StringComparison.Ordinal) && inodes.Contains(columns[9]))
            .Select(columns => Address(columns[1].Split(':')[0]))
            .Distinct(StringComparer.Ordinal)];
    }

    private static string Address(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4); // each 32-bit word is printed in host order
        return new IPAddress(bytes).ToString();
    }
}
