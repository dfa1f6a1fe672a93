using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Keys;

/// <summary><c>DELETE /api/v1/keys/{keyId}</c>: the key stays, as a revoked one. What it signed before stays published.</summary>
internal static class RevokeKey
{
    private const string OwnerSql = "SELECT owner_id FROM publisher_keys WHERE key_id = $1";

    private const string RevokeSql = "UPDATE publisher_keys SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL"; // the first time counts

    public static void Map(IEndpointRouteBuilder app)
    {
        Protect(app.MapDelete(
            "/api/v1/keys/{keyId}",
            (string keyId, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) => HandleAsync(KeyRoute.Unescape(keyId), actor, db, clock, stop))).WithName(nameof(RevokeKey));
        Protect(app.MapDelete(
            "/api/v1/keys/{publisher}/{name}",
            (string publisher, string name, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop) => HandleAsync($"{publisher}/{name}", actor, db, clock, stop))).WithName("RevokeKeyByName");
    }

    private static RouteHandlerBuilder Protect(RouteHandlerBuilder route) => route.RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);

    private static async Task<Results<NoContent, ApiError>> HandleAsync(string keyId, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var caller = actor.Caller;
        var ownerId = KeyRoute.IsKeyId(keyId) ? await db.ScalarAsync<Guid>(OwnerSql, stop, keyId) : Guid.Empty;
        if (ownerId == Guid.Empty) return KeyErrors.NotFound(keyId);
        if (ownerId != caller.AccountId && caller.Role < Role.Admin) return ApiError.NotOwner("key", keyId); // a key that leaked cannot wait for its owner
        if (KeyRules.Refusal(caller) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        await db.InTransactionAsync(
            async connection =>
            {
                await KeyGate.CloseAsync(connection, keyId, stop);
                var isNew = await connection.ExecuteAsync(RevokeSql, stop, keyId, now) == 1;
                if (!isNew) return false;
                await connection.PublishAsync($"key:{keyId}", new KeyRevoked(Guid.CreateVersion7(now), now, keyId, ownerId), stop);
                await connection.AuditAsync(actor.Did(AuditActions.KeyRevoked, $"key:{keyId}", now, caller.AccountId == ownerId ? null : ownerId), stop);
                return true;
            },
            stop);
        return TypedResults.NoContent();
    }
}
