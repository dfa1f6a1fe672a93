using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>A version of a mod as changes answer with it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ModId">The mod's number.</param>
/// <param name="Version">The version.</param>
/// <param name="Md5">MD5 of the zip, in small letters.</param>
/// <param name="Filesize">Size of the zip in bytes; null when it is not known.</param>
/// <param name="Url">Where the zip is.</param>
/// <param name="Notes">For those who manage mods.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record ModVersionRecord(
    long Id,
    [property: JsonPropertyName("mod_id")] long ModId,
    string Version,
    string Md5,
    long? Filesize,
    string Url,
    string? Notes,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("updated_at")] string UpdatedAt)
{
    internal const string Columns = "id, mod_id, version, md5, filesize, url, sha256 IS NOT NULL, notes, created_at, updated_at";

    internal static ModVersionRecord Read(NpgsqlDataReader row, string mod, SolderLinks links) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetNullableValue<long>(4),
        links.Zip(mod, row.GetString(2), row.GetNullable<string>(5), row.GetBoolean(6)), row.GetNullable<string>(7),
        SolderTime.Write(row.GetFieldValue<DateTimeOffset>(8)), SolderTime.Write(row.GetFieldValue<DateTimeOffset>(9)));
}
