using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>Reads batches, within what one answer and all of them together may hold.</summary>
internal sealed class BatchReads(NpgsqlDataSource db, AnswerMemory memory)
{
    /// <summary>The answer, in the order of the items. The statement takes keys, versions and the most bytes, and gives with each row the bytes of all; of more than the most it gives no content.</summary>
    /// <param name="response">Whose end gives the answer's memory back.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="map">Makes an item of a row that has content.</param>
    /// <param name="keys">Ids, or hashes of ids.</param>
    /// <param name="versions">The version of each; null for all.</param>
    /// <param name="stop">Cancels it.</param>
    public async Task<Results<Ok<List<T>>, ReloadedError>> AnswerAsync<T>(HttpResponse response, string sql, Func<NpgsqlDataReader, T> map, object keys, string?[] versions, CancellationToken stop)
        where T : class
    {
        var rows = await ListAsync(BatchLimits.UsualAnswerBytes);
        if (rows.Count == 0) return TypedResults.Ok(new List<T>());
        var bytes = rows[0].AllBytes;
        if (bytes > BatchLimits.MaxAnswerBytes) return (ReloadedError)BatchLimits.TooLarge();
        if (memory.TryTake(bytes) is not { } room) return (ReloadedError)BatchLimits.NoRoom();
        response.RegisterForDispose(room);
        if (bytes > BatchLimits.UsualAnswerBytes) rows = await ListAsync(BatchLimits.MaxAnswerBytes);
        return rows.Exists(row => row.Item is null) ? (ReloadedError)BatchLimits.TooLarge() : TypedResults.Ok(PackageRows.Sort(rows)); // it grew in between

        Task<List<PackageRow<T>>> ListAsync(long most) => db.ListAsync(sql, row => Read(row, map, most), stop, keys, versions, most);
    }

    private static PackageRow<T> Read<T>(NpgsqlDataReader row, Func<NpgsqlDataReader, T> map, long most)
        where T : class
    {
        var bytes = row.GetInt64(4);
        return new(row.GetInt64(0), row.GetString(3), bytes <= most ? map(row) : null, bytes);
    }
}
