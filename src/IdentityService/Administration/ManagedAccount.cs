using Npgsql;
using PackRelay.IdentityService.Accounts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Administration;

/// <summary>An account as the database holds it, with what only administrators see.</summary>
internal sealed record ManagedAccount(
    Account Account, string? Email, DateTimeOffset CreatedAt, DateTimeOffset? SuspendedAt, IReadOnlyList<string> Permissions, IReadOnlyList<string> SolderModpacks)
{
    public const string Columns = $"{Account.Columns}, email, created_at, suspended_at, solder_permissions, solder_modpacks";

    public static ManagedAccount Read(NpgsqlDataReader row) => new(
        Account.Read(row), row.GetNullable<string>(9), row.GetFieldValue<DateTimeOffset>(10), row.GetNullableValue<DateTimeOffset>(11),
        row.GetFieldValue<string[]>(12), row.GetFieldValue<string[]>(13));

    public AdminAccount ToAnswer() => new(
        Account.Id, Account.Username, Email, Account.DisplayName, Account.Role, Account.Plan, Account.Image, Account.MinecraftName, Account.MinecraftUuid,
        SolderPermissions.All.ToDictionary(flag => flag, Permissions.Contains, StringComparer.Ordinal), SolderModpacks, SuspendedAt is not null, SuspendedAt, CreatedAt);
}

/// <summary>An account as an administrator sees it.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Username">Sign-in name.</param>
/// <param name="Email">E-mail address; null for an administrator made from the configuration.</param>
/// <param name="DisplayName">Name shown to people.</param>
/// <param name="Role"><c>player</c>, <c>server_owner</c> or <c>admin</c>.</param>
/// <param name="Plan"><c>free</c> or <c>pro</c>.</param>
/// <param name="Image">https address of a picture; null when there is none.</param>
/// <param name="MinecraftName">Name in Minecraft; null when not given.</param>
/// <param name="MinecraftUuid">Id in Minecraft; null when not given.</param>
/// <param name="Permissions">Every flag of the Solder dialect, and whether the account has it.</param>
/// <param name="SolderModpacks">Slugs of the modpacks that these flags bear on.</param>
/// <param name="Suspended">Whether the account is shut out.</param>
/// <param name="SuspendedAt">Since when, UTC; null when it is not.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record AdminAccount(
    Guid Id, string Username, string? Email, string DisplayName, Role Role, string Plan, string? Image, string? MinecraftName, Guid? MinecraftUuid,
    IReadOnlyDictionary<string, bool> Permissions, IReadOnlyList<string> SolderModpacks, bool Suspended, DateTimeOffset? SuspendedAt, DateTimeOffset CreatedAt);
