using System.Globalization;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary>
/// <c>PUT /api/client/{uuid}</c>: another name, or other modpacks, which replace those that it had; needs the flag <c>solder_clients</c>. 404 <c>Client not found.</c>; a number that is
/// no modpack's is 422 under <c>modpacks.N</c>. To a token that is restricted to packs others are no modpacks, and a client that has such a one is not attached anew: 403.
/// </summary>
internal static class EditSolderClient
{
    private const int MostModpacks = 1_000;

    private const string FindSql = "SELECT id FROM solder_clients WHERE uuid = $1";

    private const string LockSql = "SELECT credential_id FROM solder_clients WHERE id = $1 FOR UPDATE";

    private const string TakenSql = "SELECT EXISTS (SELECT FROM solder_clients WHERE name = $1 AND id <> $2)";

    private const string SetSql = $"UPDATE solder_clients SET name = COALESCE($2, name), updated_at = $3 WHERE id = $1 RETURNING {SolderClient.Columns}";

    private const string AttachedSql = "SELECT modpack_id FROM solder_client_modpacks WHERE client_id = $1";

    private const string DetachSql = "DELETE FROM solder_client_modpacks WHERE client_id = $1 AND modpack_id <> ALL ($2)";

    private const string AttachSql = "INSERT INTO solder_client_modpacks SELECT $1, unnest($2) ON CONFLICT DO NOTHING";

    /// <summary>What is to change of a client.</summary>
    /// <param name="Name">What it is called; unique, at most 255 characters.</param>
    /// <param name="Modpacks">Numbers of all the modpacks that it may see; at most 1,000.</param>
    public sealed record SolderClientChange(string? Name = null, IReadOnlyList<long>? Modpacks = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPut("/client/{uuid}", HandleAsync).WithName(nameof(EditSolderClient)).Produces<SolderClient>();

    internal static async Task<IResult> HandleAsync(
        string uuid, Actor actor, SolderBody<SolderClientChange> body, CatalogModpacks catalog, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (await db.ScalarAsync<long>(FindSql, stop, uuid) is not (> 0 and var id)) return SolderError.NotFound("Client not found.");
        if (!actor.Caller.MayInSolder(SolderFlags.Clients)) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var name = form.Has("name") ? form.Line("name", required: true) : null;
        if (name is not null && await db.ScalarAsync<bool>(TakenSql, stop, name, id)) form.Taken("name");
        var modpacks = form.WholeNumbers("modpacks", MostModpacks);
        if (modpacks is { Count: > 0 })
        {
            var known = await catalog.FindAsync(modpacks, actor.Caller.Packs, stop);
            foreach (var (at, number) in modpacks.Index().Where(modpack => !known.Contains(modpack.Item))) form.Unknown(string.Create(CultureInfo.InvariantCulture, $"modpacks.{at}"));
        }

        if (form.IsInvalid(out var invalid)) return invalid;
        if (modpacks is not null && !await MayDetachAsync(id, actor.Caller, catalog, db, stop)) return SolderError.Unauthorized();
        try
        {
            return await db.InTransactionAsync(connection => ChangeAsync(connection, id, actor, name, modpacks, clock.GetUtcNow(), stop), stop) is { } client
                ? TypedResults.Ok(client)
                : SolderError.NotFound("Client not found.");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return SolderClient.Taken(form, error);
        }
    }

    /// <summary>Whether the caller may touch all that the client is attached to, which other modpacks are to replace.</summary>
    private static async Task<bool> MayDetachAsync(long id, Caller caller, CatalogModpacks catalog, NpgsqlDataSource db, CancellationToken stop)
    {
        if (caller.Packs is null) return true;
        var attached = await db.ListAsync(AttachedSql, row => row.GetInt64(0), stop, id);
        return attached.Count == 0 || (await catalog.FindAsync(attached, caller.Packs, stop)).IsSupersetOf(await catalog.FindAsync(attached, slugs: null, stop));
    }

    private static async Task<SolderClient?> ChangeAsync(
        NpgsqlConnection connection, long id, Actor actor, string? name, IReadOnlyList<long>? modpacks, DateTimeOffset now, CancellationToken stop)
    {
        var credentialId = await connection.ScalarAsync<Guid>(LockSql, stop, id);
        if (credentialId == Guid.Empty) return null;
        var client = await connection.FirstAsync(SetSql, SolderClient.Read, stop, id, name, now);
        if (modpacks is not null)
        {
            var numbers = modpacks.Distinct().ToArray();
            await connection.ExecuteAsync(DetachSql, stop, id, numbers);
            await connection.ExecuteAsync(AttachSql, stop, id, numbers);
        }

        // The gateways ask anew what it opens.
        await connection.PublishAsync($"solder_client:{id}", new TokenRevoked(Guid.CreateVersion7(now), now, credentialId, Guid.Empty), stop);
        await connection.WriteAsync(actor.Did(AuditActions.SolderClientChanged, $"solder_client:{id}", now, subject: null, ("name", name), ("modpacks", modpacks is null ? null : string.Join(' ', modpacks.Take(50)))), stop);
        return client;
    }
}
