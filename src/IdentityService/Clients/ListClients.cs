using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Clients;

/// <summary>Client credentials, without their secret.</summary>
/// <param name="ClientId">Id.</param>
/// <param name="Name">What they are for.</param>
/// <param name="CreatedAt">When they were made, UTC.</param>
public sealed record ClientSummary(string ClientId, string Name, DateTimeOffset CreatedAt);

/// <summary>The account's client credentials.</summary>
/// <param name="Clients">Newest first; as many as an account may have.</param>
public sealed record ClientList(IReadOnlyList<ClientSummary> Clients);

/// <summary><c>GET /api/v1/me/clients</c>: the account's client credentials, without their secrets.</summary>
internal static class ListClients
{
    // Bounded by Identity:Clients:PerAccount, so that there are no pages.
    private const string SelectSql = "SELECT client_id, name, created_at FROM clients WHERE account_id = $1 ORDER BY created_at DESC, client_id";

    public static void Map(RouteGroupBuilder clients) => clients.MapRead("", HandleAsync).RequireSession().WithName(nameof(ListClients));

    internal static async Task<Ok<ClientList>> HandleAsync(Caller caller, NpgsqlDataSource db, CancellationToken stop) => TypedResults.Ok(new ClientList(
        await db.ListAsync(SelectSql, row => new ClientSummary(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), stop, caller.AccountId)));
}
