using System.Data;
using Npgsql;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>Work that is woken by <c>NOTIFY</c>.</summary>
public static class Notifications
{
    /// <summary>Runs <paramref name="work"/> with a connection that hears a channel: it waits for notifications with <see cref="HearAsync"/>.</summary>
    /// <param name="db">The database.</param>
    /// <param name="channel">Name of the channel, a constant of ours.</param>
    /// <param name="work">The work; the connection is its own until it ends.</param>
    /// <param name="stop">The end of the process; the work has its own way to hear of it.</param>
    public static async Task ListenAsync(this NpgsqlDataSource db, string channel, Func<NpgsqlConnection, Task> work, CancellationToken stop)
    {
        await using var session = await db.OpenConnectionAsync(stop);
        await session.ExecuteAsync($"LISTEN {channel}", stop);
        try
        {
            await work(session);
        }
        finally
        {
            // Sessions go back to the pool as they are, and what an idle one hears piles up until the server can notify nobody any more. A process that ends takes its
            // pool along: it waits for no server that hangs.
            if (session.State == ConnectionState.Open && !stop.IsCancellationRequested) await session.ExecuteAsync("UNLISTEN *", CancellationToken.None);
        }
    }

    /// <summary>Waits for a notification, at most for so long. What else was notified meanwhile is heard with it: the work that follows sees all that was committed before.</summary>
    public static async Task HearAsync(this NpgsqlConnection session, TimeSpan longest, CancellationToken stop)
    {
        // Notifications arrive one by one, a statement's answer comes after all that wait.
        if (await session.WaitAsync(longest, stop)) await session.ExecuteAsync("SELECT", stop);
    }
}
