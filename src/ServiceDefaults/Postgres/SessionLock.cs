using Npgsql;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>
/// Work that one process does at a time. Who does it holds a lock of its session: others pass it over, and take it up at once when the process dies. A transaction would do the same, but a long one keeps
/// the database from cleaning up.
/// </summary>
public static class SessionLock
{
    private const string LockSql = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";

    private const string UnlockSql = "SELECT pg_advisory_unlock(hashtextextended($1, 0))";

    /// <summary>Does the work, unless somebody else is at it; gives what the work gives, or false.</summary>
    /// <param name="session">A connection of the worker's own.</param>
    /// <param name="name">Names the work.</param>
    /// <param name="work">The work.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<bool> TryLockedAsync(this NpgsqlConnection session, string name, Func<Task<bool>> work, CancellationToken stop)
    {
        if (!await session.ScalarAsync<bool>(LockSql, stop, name)) return false;
        try
        {
            return await work();
        }
        finally
        {
            await session.ExecuteAsync(UnlockSql, CancellationToken.None, name);
        }
    }
}
