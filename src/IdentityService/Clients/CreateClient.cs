using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Clients;

/// <summary>Body of <c>POST /api/v1/me/clients</c>. Errors, by <c>code</c>: <c>invalid_name</c> 400; <c>too_many_clients</c> 409.</summary>
/// <param name="Name">What they are for, 1 to 100 characters.</param>
public sealed record CreateClientRequest(string Name);

/// <summary>Client credentials that were made. The secret is in this answer and nowhere else.</summary>
/// <param name="ClientId">Id: 20 letters and digits.</param>
/// <param name="ClientSecret">Secret: 43 letters and digits.</param>
/// <param name="Name">What they are for.</param>
public sealed record CreatedClient(string ClientId, string ClientSecret, string Name);

/// <summary>Makes client credentials. Their secret is in this answer and nowhere else.</summary>
internal static class CreateClient
{
    /// <summary>409: the account has as many as it may have.</summary>
    public const string TooManyClients = "too_many_clients";

    private const int IdLength = 20;

    private const int SecretLength = 43; // 62^43 > 2^256

    private const string LockSql = "SELECT id FROM accounts WHERE id = $1 FOR UPDATE"; // makes two requests count one after the other

    private const string CountSql = "SELECT count(*) FROM clients WHERE account_id = $1";

    private const string InsertSql = "INSERT INTO clients (client_id, secret_hash, account_id, name, created_at) VALUES ($1, $2, $3, $4, $5)";

    public static void Map(RouteGroupBuilder clients) => clients.MapPost("", HandleAsync).RequireSession().WithName(nameof(CreateClient));

    internal static async Task<Results<Created<CreatedClient>, ApiError>> HandleAsync(
        Actor actor, JsonBody<CreateClientRequest> body, IOptions<ClientOptions> options, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        if (AccountRules.CheckName(request.Name) is { } invalid) return invalid;
        return await db.InTransactionAsync(connection => InsertAsync(connection, actor, request.Name.Trim(), options.Value.PerAccount, clock.GetUtcNow(), stop), stop);
    }

    private static async Task<Results<Created<CreatedClient>, ApiError>> InsertAsync(
        NpgsqlConnection connection, Actor actor, string name, int most, DateTimeOffset now, CancellationToken stop)
    {
        if (await connection.ScalarAsync<Guid?>(LockSql, stop, actor.Caller.AccountId) is not { } accountId) return ApiError.Unauthenticated();
        if (await connection.ScalarAsync<long>(CountSql, stop, accountId) >= most)
            return ApiError.Conflict(TooManyClients, $"an account has at most {most} client credentials; delete those that are not needed");
        var client = new CreatedClient(Base62.Random(IdLength), Base62.Random(SecretLength), name);
        await connection.ExecuteAsync(InsertSql, stop, client.ClientId, SecretHash.Of(client.ClientSecret), accountId, name, now);
        await connection.WriteAsync(actor.Did(AuditActions.ClientCreated, $"client:{client.ClientId}", now, subject: null, ("name", name)), stop);
        return TypedResults.Created((string?)null, client);
    }
}
