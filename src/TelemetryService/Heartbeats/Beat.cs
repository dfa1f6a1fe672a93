using System.Runtime.InteropServices;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>How a beat ended.</summary>
internal enum BeatOutcome
{
    /// <summary>It is in the live state and in the series.</summary>
    Stored,

    /// <summary>The server beats too often; nothing was kept of it.</summary>
    RateLimited,

    /// <summary>No durable store took it.</summary>
    Unavailable,
}

/// <summary>The answer to one beat.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="RetryAfter">When a refused beat may come again; zero otherwise.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BeatResult(BeatOutcome Outcome, TimeSpan RetryAfter = default);

/// <summary>A valid heartbeat on its way through the group commit.</summary>
/// <param name="server">Who beat.</param>
/// <param name="reading">What it said.</param>
/// <param name="receivedAt">When it arrived, by the hub's clock.</param>
/// <param name="seriesTime">Its time stamp in the series, in nanoseconds and unique.</param>
internal sealed class Beat(KnownServer server, Reading reading, DateTimeOffset receivedAt, long seriesTime)
{
    private readonly TaskCompletionSource<BeatResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public KnownServer Server => server;

    public Reading Reading => reading;

    public DateTimeOffset ReceivedAt => receivedAt;

    public long SeriesTime => seriesTime;

    /// <summary>Ends when the beat is safe or refused.</summary>
    public Task<BeatResult> Result => completion.Task;

    public void Complete(BeatResult result) => completion.TrySetResult(result);

    public void Fail(Exception error) => completion.TrySetException(error);
}

/// <summary>The numbers of a heartbeat.</summary>
/// <param name="CurrentPlayers">Players online.</param>
/// <param name="MaxPlayers">Player slots; null when not said.</param>
/// <param name="CpuPct">Processor load, 0 to 100; null when not said.</param>
/// <param name="RamPct">Memory load, 0 to 100; null when not said.</param>
/// <param name="Stopping">The server announces that it stops.</param>
/// <param name="Players">Who plays; null when not said, and for servers that do not show it.</param>
internal sealed record Reading(int CurrentPlayers, int? MaxPlayers, double? CpuPct, double? RamPct, bool Stopping, IReadOnlyList<string?>? Players);
