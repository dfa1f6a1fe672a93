using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>An account as the database holds it, without its password.</summary>
internal sealed record Account(
    Guid Id, string Username, string DisplayName, string? Image, Role Role, string Plan, string? MinecraftName, Guid? MinecraftUuid, long Revision)
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns = "id, username, display_name, image, role, plan, minecraft_name, minecraft_uuid, revision";

    public static Account Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetNullable<string>(3), RoleText.Parse(row.GetString(4)), row.GetString(5),
        row.GetNullable<string>(6), row.GetNullableValue<Guid>(7), row.GetInt64(8));

    /// <summary>Orders what is told about one account.</summary>
    public static string EventEntity(Guid accountId) => $"account:{accountId}";

    public Profile ToProfile() => new(Id, DisplayName, Role, Plan, Image, Username, MinecraftName, MinecraftUuid);

    public AccountChanged ToChanged(DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), now, Id, Revision, Username, DisplayName, Role.ToText(), Plan, MinecraftName: MinecraftName, MinecraftUuid: MinecraftUuid);
}

/// <summary>An account as its owner sees it.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="DisplayName">Name shown to people, 1 to 80 characters.</param>
/// <param name="Role"><c>player</c>, <c>server_owner</c> or <c>admin</c>.</param>
/// <param name="Plan"><c>free</c> or <c>pro</c>.</param>
/// <param name="Image">https address of a picture; null when there is none.</param>
/// <param name="Username">Sign-in name, also the first half of the account's key ids.</param>
/// <param name="MinecraftName">Name in Minecraft; null when not given.</param>
/// <param name="MinecraftUuid">Id in Minecraft, written with hyphens; null when not given.</param>
public sealed record Profile(
    Guid Id, string DisplayName, Role Role, string Plan, string? Image, string Username, string? MinecraftName, Guid? MinecraftUuid);
