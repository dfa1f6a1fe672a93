using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>A mod as changes answer with it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name in addresses.</param>
/// <param name="PrettyName">Its name for people.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Link">Its website.</param>
/// <param name="Notes">For those who manage mods.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record ModRecord(
    long Id,
    string Name,
    [property: JsonPropertyName("pretty_name")] string PrettyName,
    string? Author,
    string? Description,
    string? Link,
    string? Notes,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("updated_at")] string UpdatedAt)
{
    internal const string Columns = "id, name, pretty_name, author, description, link, notes, created_at, updated_at";

    internal static ModRecord Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetNullable<string>(3), row.GetNullable<string>(4), row.GetNullable<string>(5), row.GetNullable<string>(6),
        SolderTime.Write(row.GetFieldValue<DateTimeOffset>(7)), SolderTime.Write(row.GetFieldValue<DateTimeOffset>(8)));
}
