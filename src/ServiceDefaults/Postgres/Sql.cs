using Npgsql;

namespace PackRelay.ServiceDefaults.Postgres;

/// <summary>Runs one statement with positional parameters (<c>$1</c> to <c>$n</c>). Nothing here builds SQL: statements are constants beside their callers.</summary>
public static class Sql
{
    /// <summary>Runs a statement and gives the number of rows it changed.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlDataSource db, string sql, CancellationToken stop, params object?[] parameters)
    {
        await using var command = db.CreateCommand(sql).Bind(parameters);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Runs a statement on a connection, inside its transaction when it has one, and gives the number of rows it changed.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken stop, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection).Bind(parameters);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The first column of the first row; default when there is no row or it is null.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlDataSource db, string sql, CancellationToken stop, params object?[] parameters)
    {
        await using var command = db.CreateCommand(sql).Bind(parameters);
        return await ScalarAsync<T>(command, stop);
    }

    /// <summary>The first column of the first row, read on a connection; default when there is no row or it is null.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, string sql, CancellationToken stop, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection).Bind(parameters);
        return await ScalarAsync<T>(command, stop);
    }

    /// <summary>The first row, or default when there is none.</summary>
    public static async Task<T?> FirstAsync<T>(this NpgsqlDataSource db, string sql, Func<NpgsqlDataReader, T> map, CancellationToken stop, params object?[] parameters)
    {
        await using var command = db.CreateCommand(sql).Bind(parameters);
        return await FirstAsync(command, map, stop);
    }

    /// <summary>The first row, read on a connection, or default when there is none.</summary>
    public static async Task<T?> FirstAsync<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken stop, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection).Bind(parameters);
        return await FirstAsync(command, map, stop);
    }

    /// <summary>All rows. The statement bounds their number.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataSource db, string sql, Func<NpgsqlDataReader, T> map, CancellationToken stop, params object?[] parameters)
    {
        await using var command = db.CreateCommand(sql).Bind(parameters);
        return await ListAsync(command, map, stop);
    }

    /// <summary>All rows, read on a connection. The statement bounds their number.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken stop, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection).Bind(parameters);
        return await ListAsync(command, map, stop);
    }

    /// <summary>All rows of a statement with settings that end with it, such as how the planner goes about it. Both travel together, and are one transaction.</summary>
    /// <param name="db">The database.</param>
    /// <param name="settings">Sets them for the transaction: <c>SELECT set_config('name', 'value', true)</c>.</param>
    /// <param name="sql">The statement; it bounds the number of rows.</param>
    /// <param name="map">Makes an item of a row.</param>
    /// <param name="stop">Cancels both.</param>
    /// <param name="parameters">The statement's parameters.</param>
    public static async Task<List<T>> ListWithAsync<T>(
        this NpgsqlDataSource db, string settings, string sql, Func<NpgsqlDataReader, T> map, CancellationToken stop, params object?[] parameters)
    {
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(settings));
        var statement = new NpgsqlBatchCommand(sql);
        Bind(statement.Parameters, parameters);
        batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop); // behind the row of the settings
        return await ListAsync(reader, map, stop);
    }

    /// <summary>Runs <paramref name="work"/> in one transaction, committed when it returns and rolled back when it throws.</summary>
    public static async Task<T> InTransactionAsync<T>(this NpgsqlDataSource db, Func<NpgsqlConnection, Task<T>> work, CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var result = await work(connection);
        await transaction.CommitAsync(stop);
        return result;
    }

    /// <summary>A column that may be null, of a reference type.</summary>
    public static T? GetNullable<T>(this NpgsqlDataReader row, int column)
        where T : class => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    /// <summary>A column that may be null, of a value type.</summary>
    public static T? GetNullableValue<T>(this NpgsqlDataReader row, int column)
        where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static NpgsqlCommand Bind(this NpgsqlCommand command, object?[] parameters)
    {
        Bind(command.Parameters, parameters);
        return command;
    }

    private static void Bind(NpgsqlParameterCollection collection, object?[] parameters)
    {
        foreach (var value in parameters) collection.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlCommand command, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    private static async Task<T?> FirstAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> map, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? map(reader) : default;
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> map, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await ListAsync(reader, map, stop);
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map, CancellationToken stop)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(stop)) rows.Add(map(reader));
        return rows;
    }
}
