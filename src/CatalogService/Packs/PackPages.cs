using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Packs;

/// <summary>Reads the pages of packs as callers see them.</summary>
internal sealed class PackPages(NpgsqlDataSource db)
{
    internal const string PackSql = $"""
        SELECT {CatalogPack.Columns}, o.username, o.display_name, {PackGate.Columns}
          FROM packs p JOIN accounts o ON o.id = p.owner_id WHERE p.slug = $1
        """;

    internal const string MembersSql = """
        SELECT a.username, a.display_name, m.role
          FROM packs p JOIN pack_members m ON m.pack_id = p.id JOIN accounts a ON a.id = m.account_id
         WHERE p.slug = $1 ORDER BY m.added_at, a.username
        """;

    /// <summary>The page; null when there is no such pack for the caller.</summary>
    public async Task<PackPage?> FindAsync(string slug, Caller caller, CancellationToken stop)
    {
        await using var batch = db.CreateBatch(); // one trip to the database for all three
        foreach (var sql in (string[])[PackSql, MembersSql, PackKeys.OfPackSql])
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = slug } } });
        await using var reader = await batch.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop)) return null;
        var gate = PackGate.Read(reader, reader.FieldCount - PackGate.Width);
        if (!gate.Admits(caller, slug)) return null;
        var pack = CatalogPack.Read(reader);
        var owner = new TeamMember(reader.GetString(CatalogPack.Width), reader.GetString(CatalogPack.Width + 1), PackRoles.Owner);
        return new PackPage(pack)
        {
            Visibility = gate.Visibility,
            Team = [owner, .. await RestAsync(reader, row => new TeamMember(row.GetString(0), row.GetString(1), row.GetString(2)), stop)],
            Keys = await RestAsync(reader, PackKeys.Read, stop),
        };
    }

    private static async Task<List<T>> RestAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map, CancellationToken stop)
    {
        await reader.NextResultAsync(stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop)) rows.Add(map(reader));
        return rows;
    }
}
