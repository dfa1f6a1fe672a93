using System.Text.Json.Serialization;
using Npgsql;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary>A client of the Solder dialect: the launchers of players who may see some private modpacks.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Uuid">What launchers show as <c>cid</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record SolderClient(
    long Id, string Name, string Uuid, [property: JsonPropertyName("created_at")] string CreatedAt, [property: JsonPropertyName("updated_at")] string UpdatedAt)
{
    internal const string Columns = "id, name, uuid, created_at, updated_at";

    internal static SolderClient Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), SolderTime.Write(row.GetFieldValue<DateTimeOffset>(3)), SolderTime.Write(row.GetFieldValue<DateTimeOffset>(4)));

    /// <summary>Notes in the form which of two names that must be unique is somebody else's, as the database said.</summary>
    internal static SolderError Taken(SolderForm form, PostgresException error)
    {
        form.Taken(error.ConstraintName == "solder_clients_uuid" ? "uuid" : "name");
        return form.IsInvalid(out var invalid) ? invalid : throw error;
    }
}
