using System.Threading.Channels;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>
/// Writes attempts down, those that end at about the same time in one transaction: a commit per delivery would cost more than the delivery.
/// A row that another worker took over meanwhile, because our lease had ended, stays as that worker left it.
/// </summary>
internal sealed partial class AttemptLog(NpgsqlDataSource db, TimeProvider clock, ILogger<AttemptLog> logger)
{
    private const int BatchSize = 256;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private const string RecordSql = """
        WITH outcome AS (
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::int[], $9::text[], $10::text[])
                AS o (id, number, round, status, next_attempt_at, at, status_code, duration_ms, error, response_body)),
        recorded AS (
            UPDATE deliveries d
               SET status = o.status, attempts = o.number, round_attempts = o.round, next_attempt_at = o.next_attempt_at, last_status_code = o.status_code, leased_until = NULL
              FROM outcome o WHERE d.id = o.id AND d.attempts = o.number - 1 AND d.status = 'pending'
            RETURNING d.id)
        INSERT INTO attempts (delivery_id, number, at, status_code, duration_ms, error, response_body)
        SELECT id, number, at, status_code, duration_ms, error, response_body FROM outcome JOIN recorded USING (id)
        """;

    private const string DisableSql = "UPDATE endpoints SET enabled = false, disabled_reason = 'gone' WHERE id = ANY ($1) AND enabled";

    private readonly Channel<Entry> entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true }); // bounded by the deliveries under way

    /// <summary>Completes when the outcome is stored.</summary>
    public Task AddAsync(Outcome outcome)
    {
        var entry = new Entry(outcome, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return entries.Writer.TryWrite(entry) ? entry.Stored.Task : throw new InvalidOperationException("The attempt log is closed.");
    }

    /// <summary>No more outcomes will come; <see cref="RunAsync"/> ends when those that did are stored.</summary>
    public void Complete() => entries.Writer.TryComplete();

    /// <summary>Stores outcomes until <see cref="Complete"/>. With the database away it keeps trying until <paramref name="giveUp"/>; then the leases end by themselves.</summary>
    public async Task RunAsync(CancellationToken giveUp)
    {
        while (await entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<Entry>();
            while (batch.Count < BatchSize && entries.Reader.TryRead(out var entry)) batch.Add(entry);
            var stored = await TryStoreAsync(batch, giveUp);
            foreach (var entry in batch)
                if (stored) entry.Stored.SetResult();
                else entry.Stored.SetCanceled(giveUp);
        }
    }

    private async Task<bool> TryStoreAsync(List<Entry> batch, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                await StoreAsync([.. batch.Select(entry => entry.Outcome)]);
                return true;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
            {
                StoringFailed(error, batch.Count);
            }

            if (giveUp.IsCancellationRequested) return false;
            await Task.Delay(PauseAfterFailure, clock, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StoreAsync(IReadOnlyList<Outcome> outcomes)
    {
        await db.ExecuteAsync(
            RecordSql, CancellationToken.None,
            outcomes.Select(outcome => outcome.Delivery.Id).ToArray(),
            outcomes.Select(outcome => outcome.Delivery.Attempts + 1).ToArray(),
            outcomes.Select(outcome => outcome.Delivery.RoundAttempts + 1).ToArray(),
            outcomes.Select(outcome => outcome.Status).ToArray(),
            outcomes.Select(outcome => outcome.NextAttemptAt).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.At).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.StatusCode).ToArray(),
            outcomes.Select(outcome => (int)outcome.Attempt.Duration.TotalMilliseconds).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.Error).ToArray(),
            outcomes.Select(outcome => outcome.Attempt.ResponseBody).ToArray());
        var gone = outcomes.Where(outcome => outcome.Verdict == Verdict.Gone).Select(outcome => outcome.Delivery.EndpointId).Distinct().ToArray();
        if (gone.Length > 0) await db.ExecuteAsync(DisableSql, CancellationToken.None, gone);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not store {Attempts} webhook attempts; trying again")]
    private partial void StoringFailed(Exception error, int attempts);

    private sealed record Entry(Outcome Outcome, TaskCompletionSource Stored);
}
