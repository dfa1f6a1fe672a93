using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>
/// Brings a database up to date from the numbered scripts that are embedded in an assembly below <c>Migrations/</c>: <c>0001_packs.sql</c>.
/// All replicas of a service may start at once: an advisory lock lets one of them do the work. A script runs in one transaction and once;
/// a script that changed after it ran is refused, because the database would no longer be what the scripts say.
/// </summary>
internal sealed partial class Migrations(NpgsqlDataSource db, ILogger<Migrations> logger)
{
    // "PackRela" in ASCII: any constant that no one else in the database uses.
    private const string LockSql = "SELECT pg_advisory_lock(x'5061636B52656C61'::bigint)";

    private const string UnlockSql = "SELECT pg_advisory_unlock(x'5061636B52656C61'::bigint)";

    private const string CreateTableSql = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            source text NOT NULL, number int NOT NULL, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (source, number))
        """;

    public async Task ApplyAsync(IEnumerable<Assembly> sources, CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await RunAsync(connection, LockSql, stop);
        try
        {
            await connection.ExecuteAsync(CreateTableSql, stop);
            foreach (var source in sources)
                foreach (var script in MigrationScript.Of(source))
                    await ApplyAsync(connection, script, stop);
        }
        finally
        {
            await connection.ExecuteAsync(UnlockSql, CancellationToken.None);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken stop)
    {
        const string KnownSql = "SELECT sha256 FROM schema_migrations WHERE source = $1 AND number = $2";
        const string RecordSql = "INSERT INTO schema_migrations (source, number, name, sha256) VALUES ($1, $2, $3, $4)";
        var known = await connection.ScalarAsync<string>(KnownSql, stop, script.Source, script.Number);
        if (known == script.Sha256) return;
        if (known is not null)
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"Migration {script.Source} {script.Number:0000}_{script.Name} was changed after it ran; add a new script instead."));

        await using var transaction = await connection.BeginTransactionAsync(stop);
        await RunAsync(connection, script.Sql, stop);
        await connection.ExecuteAsync(RecordSql, stop, script.Source, script.Number, script.Name, script.Sha256);
        await transaction.CommitAsync(stop);
        Applied(script.Source, script.Number, script.Name);
    }

    /// <summary>Takes as long as it takes: an index on a large table does, and so does waiting for the replica that makes it.</summary>
    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(stop);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Source} {Number} {Name}")]
    private partial void Applied(string source, int number, string name);
}
