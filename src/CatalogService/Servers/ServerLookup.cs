using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Servers;

/// <summary>What access rules need to know of a server.</summary>
/// <param name="Id">Identifies the server.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="OwnerId">Account that owns it.</param>
internal sealed record ServerFacts(Guid Id, string Slug, Guid OwnerId);

/// <summary>The one place that decides which servers a caller may change.</summary>
internal sealed class ServerLookup(NpgsqlDataSource db)
{
    private const string FindSql = "SELECT id, slug, owner_id FROM servers WHERE slug = $1";

    /// <summary>A server that the caller may change, as its owner or an admin; else 404, 403 <c>not_owner</c>, or 403 <c>forbidden</c> when the token is for other servers.</summary>
    public async Task<Lookup<ServerFacts>> FindOwnAsync(string slug, Caller caller, CancellationToken stop)
    {
        var server = await db.FirstAsync(FindSql, row => new ServerFacts(row.GetGuid(0), row.GetString(1), row.GetGuid(2)), stop, slug);
        if (server is null) return ServerErrors.NotFound(slug);
        if (server.OwnerId != caller.AccountId && caller.Role < Role.Admin) return ApiError.NotOwner("server", slug);
        return caller.MayTouchServer(slug) ? server : ApiError.Forbidden($"the API token is not for the server '{slug}'");
    }
}
