using System.Globalization;
using System.Text.Unicode;

namespace PackRelay.Heartbeats;

/// <summary>What a simulated server says. The loads vary a little, as those of real servers do; the players are the beat's number.</summary>
internal static class BeatBody
{
    public const int MaxBytes = 256;

    /// <summary>Writes the JSON of a server's beat.</summary>
    /// <returns>Its length in bytes.</returns>
    public static int Write(Span<byte> body, int server, int number)
    {
        Utf8.TryWrite(
            body,
            CultureInfo.InvariantCulture,
            $$"""{"currentPlayers":{{number}},"maxPlayers":64,"cpuPct":{{(server + number) % 100}}.5,"ramPct":{{40 + (number % 20)}}.25,"packVersion":"1.4.2","gameVersion":"V 2.4"}""",
            out var length);
        return length;
    }
}
