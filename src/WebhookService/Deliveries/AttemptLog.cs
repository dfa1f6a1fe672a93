using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>
/// Writes attempts down, those that end at about the same time in one transaction: a commit per delivery would cost more than the delivery.
/// Disables, in the same transaction, endpoints that are gone or do nothing but fail.
/// </summary>
internal sealed partial class AttemptLog(NpgsqlDataSource db, IOptions<DeliveryOptions> options, TimeProvider clock, ILogger<AttemptLog> logger)
{
    private const int BatchSize = 256;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Failures further apart than this are not "nothing but failures": an event a month that finds its receiver restarting must not disable it. Longer than the
    /// longest pause of the schedule, doubled, so that the attempts of one delivery always belong together.
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(3);

    private readonly Channel<Entry> entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true }); // bounded by the deliveries under way

    /// <summary>Completes when the outcome is stored; fails when the database refuses it for good.</summary>
    public Task AddAsync(Outcome outcome)
    {
        var entry = new Entry(outcome, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return entries.Writer.TryWrite(entry) ? entry.Stored.Task : throw new InvalidOperationException("The attempt log is closed.");
    }

    /// <summary>No more outcomes will come; <see cref="RunAsync"/> ends when those that did are stored.</summary>
    public void Complete() => entries.Writer.TryComplete();

    /// <summary>
    /// Stores outcomes until <see cref="Complete"/>. With the database away it keeps trying until <paramref name="giveUp"/>: what waits is bounded by the deliveries
    /// under way, nothing new can be claimed meanwhile, and to forget an outcome would be to send a second time. After <paramref name="giveUp"/> the leases end by themselves.
    /// </summary>
    public async Task RunAsync(CancellationToken giveUp)
    {
        while (await entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<Entry>();
            while (batch.Count < BatchSize && entries.Reader.TryRead(out var entry)) batch.Add(entry);
            await StoreAsync(batch, giveUp);
        }
    }

    private async Task StoreAsync(IReadOnlyList<Entry> batch, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                await WriteAsync([.. batch.Select(entry => entry.Outcome)]);
                foreach (var entry in batch) entry.Stored.SetResult();
                return;
            }
            catch (Exception error) when (IsFinal(error))
            {
                // One outcome that cannot be stored must not hold up the others for ever.
                if (batch.Count == 1) batch[0].Stored.SetException(error);
                else foreach (var entry in batch) await StoreAsync([entry], giveUp);
                return;
            }
            catch (Exception error)
            {
                StoringFailed(error, batch.Count);
            }

            if (!giveUp.IsCancellationRequested) await Task.Delay(PauseAfterFailure, clock, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!giveUp.IsCancellationRequested) continue;
            foreach (var entry in batch) entry.Stored.SetCanceled(giveUp);
            return;
        }
    }

    /// <summary>
    /// Whether the same statement would fail tomorrow as well: bad data (22), a violated rule (23), a statement that does not fit the tables (42), a limit (54), or no
    /// fault of the database's.
    /// </summary>
    private static bool IsFinal(Exception error) =>
        error is PostgresException { SqlState: ['2', '2' or '3', ..] or ['4', '2', ..] or ['5', '4', ..] } or not (NpgsqlException or TimeoutException or IOException);

    private Task<int> WriteAsync(IReadOnlyList<Outcome> outcomes) =>
        db.ExecuteAsync(
            DeliveryScripts.Record, CancellationToken.None,
            outcomes.Select(outcome => outcome.Delivery.Id).ToArray(),
            outcomes.Select(outcome => outcome.Delivery.Attempts + 1).ToArray(),
            outcomes.Select(outcome => outcome.Delivery.RoundAttempts + 1).ToArray(),
            outcomes.Select(outcome => outcome.Status).ToArray(),
            outcomes.Select(outcome => outcome.NextAttemptAt).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.At).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.StatusCode).ToArray(),
            outcomes.Select(outcome => (int)outcome.Attempt.Duration.TotalMilliseconds).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.Error).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.ResponseBody).ToArray(),
            outcomes.Select(outcome => outcome.Verdict == Verdict.Gone).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.Signing?.SecretNumber).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.Signing?.WithPrevious).ToArray(),
            options.Value.DisableAfter, LongestSilence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not store {Attempts} webhook attempts; trying again")]
    private partial void StoringFailed(Exception error, int attempts);

    private sealed record Entry(Outcome Outcome, TaskCompletionSource Stored);
}
