using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary>Reads servers as callers see them.</summary>
internal sealed class ServerPages(NpgsqlDataSource db, IOptions<ServerOptions> options, TimeProvider clock)
{
    /// <summary>A server not seen since then is offline, whatever was last said of it.</summary>
    public DateTimeOffset OnlineSince => clock.GetUtcNow() - options.Value.OfflineAfter;

    public Task<CatalogServer?> FindAsync(string slug, Caller caller, CancellationToken stop)
    {
        var sql = new SqlText().AddConstant("SELECT");
        CatalogServer.AddColumns(sql, OnlineSince);
        CatalogServer.AddSource(sql).Add($"WHERE s.slug = {slug}");
        return db.FirstAsync(sql.ToString(), row => CatalogServer.Read(row, caller), stop, sql.Parameters);
    }
}
