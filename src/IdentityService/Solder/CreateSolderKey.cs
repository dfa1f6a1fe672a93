using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Solder;

/// <summary>Body of <c>POST /api/v1/admin/solder/keys</c>. Errors, by <c>code</c>: <c>invalid_name</c> 400.</summary>
/// <param name="Name">What it is for, 1 to 100 characters; shown to whoever verifies the key.</param>
public sealed record CreateSolderKeyRequest(string Name);

/// <summary>A Solder key that was made. Its text is in this answer and nowhere else.</summary>
/// <param name="Id">Id, for deleting it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Key">The key: 64 letters and digits.</param>
public sealed record CreatedSolderKey(Guid Id, string Name, string Key);

/// <summary>Makes a Solder key. Its text is in this answer and nowhere else.</summary>
internal static class CreateSolderKey
{
    private const int KeyLength = 64;

    private const string InsertSql = "INSERT INTO solder_keys (id, key_hash, name, created_at, created_by) VALUES ($1, $2, $3, $4, $5)";

    public static void Map(RouteGroupBuilder admin) => admin.MapPost("/solder/keys", HandleAsync).WithName(nameof(CreateSolderKey));

    internal static async Task<Results<Created<CreatedSolderKey>, ApiError>> HandleAsync(
        Actor actor, JsonBody<CreateSolderKeyRequest> body, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        if (AccountRules.CheckName(request.Name) is { } invalid) return invalid;
        var now = clock.GetUtcNow();
        var key = new CreatedSolderKey(Guid.CreateVersion7(now), request.Name.Trim(), Base62.Random(KeyLength));
        await db.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(InsertSql, stop, key.Id, SecretHash.Of(key.Key), key.Name, now, actor.Caller.AccountId);
                await connection.WriteAsync(actor.Did(AuditActions.SolderKeyCreated, $"solder_key:{key.Id}", now, subject: null, ("name", key.Name)), stop);
                return true;
            },
            stop);
        return TypedResults.Created((string?)null, key);
    }
}
