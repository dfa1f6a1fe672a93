using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Accounts;
using PackRelay.CatalogService.Validation;
using PackRelay.Contracts;
using PackRelay.Manifests.Rules;
using PackRelay.Manifests.Signing;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Keys;

/// <summary><c>POST /api/v1/keys</c>: registers the public half of a signing key.</summary>
internal static class RegisterKey
{
    private const int MaxNameLength = 50;

    private const string InsertSql = $"""
        INSERT INTO publisher_keys AS k (key_id, owner_id, public_key, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        RETURNING {PublisherKey.Columns}
        """;

    /// <summary>
    /// The public half of a signing key; the private half never leaves its owner. Errors, by <c>code</c>: <c>invalid_name</c>, <c>invalid_public_key</c>,
    /// <c>weak_key</c> 400; <c>key_exists</c> 409, also for the same bytes.
    /// </summary>
    /// <param name="Name">1 to 50 of a-z, 0-9 and hyphen; unique within the account, for ever.</param>
    /// <param name="PublicKey">32 bytes as padded base64.</param>
    public sealed record Request(string Name, string PublicKey);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapPost("/api/v1/keys", HandleAsync).WithName(nameof(RegisterKey));

    private static async Task<Results<Created<PublisherKey>, ApiError>> HandleAsync(JsonBody<Request> body, Actor actor, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (KeyRules.Refusal(actor.Caller) is { } refusal) return refusal;
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        error = Fields.Check("name", request.Name.Length <= MaxNameLength && KeyId.IsValidName(request.Name), $"1 to {MaxNameLength} of a-z, 0-9 and hyphen");
        if (error is not null) return error;
        var publicKey = new byte[Ed25519.PublicKeySizeBytes];
        if (!Convert.TryFromBase64String(request.PublicKey, publicKey, out var length) || length != publicKey.Length || Convert.ToBase64String(publicKey) != request.PublicKey)
            return ApiError.Invalid("publicKey", "exactly 32 bytes as padded base64");
        if (!Ed25519.IsAcceptablePublicKey(publicKey))
            return ApiError.BadRequest(KeyErrors.WeakKey, "publicKey: not a canonical Ed25519 key of the main subgroup");

        var (caller, now) = (actor.Caller, clock.GetUtcNow());
        var keyId = new KeyId(caller.Username, request.Name).ToString();
        var key = await db.InTransactionAsync(
            async connection =>
            {
                await AccountQueries.LockAsync(connection, caller, stop);
                var added = await connection.FirstAsync(InsertSql, PublisherKey.Read, stop, keyId, caller.AccountId, publicKey, now);
                if (added is not null) await connection.AuditAsync(actor.Did(AuditActions.KeyRegistered, $"key:{keyId}", now), stop);
                return added;
            },
            stop);
        return key is null
            ? ApiError.Conflict(KeyErrors.KeyExists, $"name: the key '{keyId}' is registered already, and its bytes never change")
            : TypedResults.Created($"/api/v1/keys/{Uri.EscapeDataString(keyId)}", key);
    }
}
