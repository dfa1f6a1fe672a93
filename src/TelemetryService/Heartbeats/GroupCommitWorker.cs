using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>
/// Commits what has arrived: at once when the hub is idle; else everything that came during the commit before, and not before its interval is over, so
/// that load makes batches larger and not more numerous.
/// </summary>
internal sealed partial class GroupCommitWorker(CommitQueue queue, GroupCommit commit, IOptions<HeartbeatOptions> options, ILogger<GroupCommitWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var beats = new List<Beat>(options.Value.CommitMaximumBeats);
        var lastStart = 0L;
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            // The machine's clock: this is about milliseconds of work, not about the time of day.
            var pause = options.Value.CommitInterval - Stopwatch.GetElapsedTime(lastStart);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, TimeProvider.System, stoppingToken);

            lastStart = Stopwatch.GetTimestamp();
            while (beats.Count < options.Value.CommitMaximumBeats && queue.Reader.TryRead(out var beat)) beats.Add(beat);
            await CommitAsync(beats, stoppingToken);
            beats.Clear();
        }
    }

    private async Task CommitAsync(List<Beat> beats, CancellationToken stop)
    {
        try
        {
            await commit.RunAsync(beats, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            CommitFailed(error, beats.Count); // outages are values here, so this is a bug: the requests answer 500 and the next batch goes on
            beats.ForEach(beat => beat.Fail(error));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Group commit of {Count} heartbeats failed")]
    private partial void CommitFailed(Exception error, int count);
}
