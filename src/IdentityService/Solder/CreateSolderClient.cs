using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary><c>POST /api/client</c>: a new client; needs the flag <c>solder_clients</c>.</summary>
internal static class CreateSolderClient
{
    private const string TakenSql = "SELECT EXISTS (SELECT FROM solder_clients WHERE name = $1), EXISTS (SELECT FROM solder_clients WHERE uuid = $2)";

    private const string InsertSql = $"""
        INSERT INTO solder_clients (credential_id, name, uuid, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) RETURNING {SolderClient.Columns}
        """;

    /// <summary>A new client.</summary>
    /// <param name="Name">What it is called; unique, at most 255 characters.</param>
    /// <param name="Uuid">What launchers show as <c>cid</c>; unique, at most 255 characters without slashes, as it stands in paths.</param>
    public sealed record SolderClientRequest(string Name, string Uuid);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/client", HandleAsync).WithName(nameof(CreateSolderClient)).Produces<SolderClient>(StatusCodes.Status201Created);

    internal static async Task<IResult> HandleAsync(Actor actor, SolderBody<SolderClientRequest> body, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (!actor.Caller.MayInSolder(SolderFlags.Clients)) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var (name, uuid) = (form.Line("name", required: true), form.Segment("uuid", required: true));
        var (isNameTaken, isUuidTaken) = await db.FirstAsync(TakenSql, row => (row.GetBoolean(0), row.GetBoolean(1)), stop, name, uuid);
        if (isNameTaken) form.Taken("name");
        if (isUuidTaken) form.Taken("uuid");
        if (form.IsInvalid(out var invalid)) return invalid;
        try
        {
            return TypedResults.Created((string?)null, await db.InTransactionAsync(connection => InsertAsync(connection, actor, name!, uuid!, clock.GetUtcNow(), stop), stop));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return SolderClient.Taken(form, error); // somebody was faster
        }
    }

    private static async Task<SolderClient> InsertAsync(NpgsqlConnection connection, Actor actor, string name, string uuid, DateTimeOffset now, CancellationToken stop)
    {
        var client = (await connection.FirstAsync(InsertSql, SolderClient.Read, stop, Guid.CreateVersion7(now), name, uuid, now))!;
        await connection.WriteAsync(actor.Did(AuditActions.SolderClientCreated, $"solder_client:{client.Id}", now, subject: null, ("name", name)), stop);
        return client;
    }
}
