using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary><c>POST /api/mod</c>: a new mod, without versions; needs the flag <c>mods_create</c>.</summary>
internal static class CreateMod
{
    private const string InsertSql = $"""
        INSERT INTO solder_mods (name, pretty_name, author, description, link, notes, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
        ON CONFLICT DO NOTHING RETURNING {ModRecord.Columns}
        """;

    /// <summary>A new mod.</summary>
    /// <param name="Name">Its name in addresses, unique: 1 to 255 characters without slashes.</param>
    /// <param name="PrettyName">Its name for people: 1 to 255 characters.</param>
    /// <param name="Author">Who made it.</param>
    /// <param name="Description">What it does.</param>
    /// <param name="Link">Its website; an http or https address.</param>
    /// <param name="Notes">For those who manage mods.</param>
    public sealed record ModRequest(
        string Name, [property: JsonPropertyName("pretty_name")] string PrettyName, string? Author = null, string? Description = null, string? Link = null, string? Notes = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/mod", HandleAsync).WithName(nameof(CreateMod)).Produces<ModRecord>(StatusCodes.Status201Created);

    private static async Task<IResult> HandleAsync(SolderBody<ModRequest> body, Caller caller, ModQueries mods, TimeProvider clock, CancellationToken stop)
    {
        if (!caller.MayInSolder(SolderFlags.ModsCreate)) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var wanted = ModForm.Read(form);
        if (wanted.Name.Length > 0 && await mods.FindIdAsync(wanted.Name, stop) is not null) form.Taken("name");
        if (form.IsInvalid(out var invalid)) return invalid;
        var now = clock.GetUtcNow();
        var mod = await mods.ChangeAsync(
            now,
            connection => connection.FirstAsync(InsertSql, ModRecord.Read, stop, wanted.Name, wanted.PrettyName, wanted.Author, wanted.Description, wanted.Link, wanted.Notes, now), stop);
        return mod is null ? SolderError.Invalid("name", "The name has already been taken.") : TypedResults.Created((string?)null, mod); // somebody was faster
    }
}
