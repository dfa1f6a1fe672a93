using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>A build as changes answer with it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ModpackId">The modpack's number.</param>
/// <param name="Version">Its version.</param>
/// <param name="Minecraft">The version of Minecraft.</param>
/// <param name="Forge">The version of Forge.</param>
/// <param name="IsPublished">Whether launchers see it.</param>
/// <param name="Private">Whether only those with access to the modpack see it.</param>
/// <param name="MinJava">The oldest version of Java.</param>
/// <param name="MinMemory">Least memory in MiB.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record BuildRecord(
    long Id,
    [property: JsonPropertyName("modpack_id")] long ModpackId,
    string Version,
    string Minecraft,
    string? Forge,
    [property: JsonPropertyName("is_published")] bool IsPublished,
    bool Private,
    [property: JsonPropertyName("min_java")] string? MinJava,
    [property: JsonPropertyName("min_memory")] long? MinMemory,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("updated_at")] string UpdatedAt)
{
    /// <summary>What a statement over <c>solder_builds b</c> selects for <see cref="Read"/>; the modpack's number is known to who asks.</summary>
    internal const string Columns = "b.id, b.version, b.minecraft, b.forge, b.is_published, b.is_private, b.min_java, b.min_memory, b.created_at, b.updated_at";

    internal static BuildRecord Read(NpgsqlDataReader row, long modpack) => new(
        row.GetInt64(0), modpack, row.GetString(1), row.GetString(2), row.GetNullable<string>(3), row.GetBoolean(4), row.GetBoolean(5), row.GetNullable<string>(6),
        row.GetNullableValue<long>(7), SolderTime.Write(row.GetFieldValue<DateTimeOffset>(8)), SolderTime.Write(row.GetFieldValue<DateTimeOffset>(9)));
}
