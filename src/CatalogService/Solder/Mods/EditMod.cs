using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary><c>PUT /api/mod/{slug}</c>: what is sent is changed; needs the flag <c>mods_manage</c>. 404 <c>Mod not found.</c></summary>
internal static class EditMod
{
    private const string LockSql = $"SELECT {ModRecord.Columns} FROM solder_mods WHERE id = $1 FOR UPDATE";

    private const string SetSql = $"""
        UPDATE solder_mods SET name = $2, pretty_name = $3, author = $4, description = $5, link = $6, notes = $7, updated_at = $8 WHERE id = $1 RETURNING {ModRecord.Columns}
        """;

    /// <summary>What is to change of a mod.</summary>
    /// <param name="Name">Its name in addresses, unique: 1 to 255 characters without slashes.</param>
    /// <param name="PrettyName">Its name for people: 1 to 255 characters.</param>
    /// <param name="Author">Who made it; null clears it.</param>
    /// <param name="Description">What it does; null clears it.</param>
    /// <param name="Link">Its website; null clears it.</param>
    /// <param name="Notes">For those who manage mods; null clears them.</param>
    public sealed record ModChange(
        string? Name = null, [property: JsonPropertyName("pretty_name")] string? PrettyName = null, string? Author = null, string? Description = null, string? Link = null, string? Notes = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPut("/mod/{slug}", HandleAsync).WithName(nameof(EditMod)).Produces<ModRecord>();

    private static async Task<IResult> HandleAsync(string slug, SolderBody<ModChange> body, Caller caller, ModQueries mods, TimeProvider clock, CancellationToken stop)
    {
        if (await mods.FindAsync(slug, stop) is not { } mod) return ModQueries.NotFound();
        if (!caller.MayInSolder(SolderFlags.ModsManage)) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var wanted = ModForm.Read(form, mod);
        if (wanted.Name != mod.Name && await mods.FindIdAsync(wanted.Name, stop) is not null) form.Taken("name");
        if (form.IsInvalid(out var invalid)) return invalid;
        var now = clock.GetUtcNow();
        try
        {
            var changed = await mods.ChangeAsync(now, connection => ChangeAsync(connection, mod.Id, form, now, stop), stop);
            return changed is null ? ModQueries.NotFound() : TypedResults.Ok(changed);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return SolderError.Invalid("name", "The name has already been taken."); // somebody was faster
        }
    }

    /// <summary>What another request has changed meanwhile stays as that made it.</summary>
    private static async Task<ModRecord?> ChangeAsync(NpgsqlConnection connection, long id, SolderForm form, DateTimeOffset now, CancellationToken stop)
    {
        if (await connection.FirstAsync(LockSql, ModRecord.Read, stop, id) is not { } mod) return null;
        var wanted = ModForm.Read(form, mod);
        return await connection.FirstAsync(SetSql, ModRecord.Read, stop, id, wanted.Name, wanted.PrettyName, wanted.Author, wanted.Description, wanted.Link, wanted.Notes, now);
    }
}
