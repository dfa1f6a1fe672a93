using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Administration;

/// <summary><c>GET /api/v1/admin/accounts/{id}</c>. 404 <c>not_found</c> for an unknown id.</summary>
internal static class GetAccount
{
    private const string SelectSql = $"SELECT {ManagedAccount.Columns} FROM accounts WHERE id = $1 AND deleted_at IS NULL";

    public static void Map(RouteGroupBuilder admin) => admin.MapRead("/accounts/{id}", HandleAsync).WithName(nameof(GetAccount));

    internal static async Task<Results<Ok<AdminAccount>, ApiError>> HandleAsync(string id, NpgsqlDataSource db, CancellationToken stop) =>
        Guid.TryParseExact(id, "D", out var accountId) && await db.FirstAsync(SelectSql, ManagedAccount.Read, stop, accountId) is { } account
            ? TypedResults.Ok(account.ToAnswer())
            : ApiError.NotFound("account", id);
}
