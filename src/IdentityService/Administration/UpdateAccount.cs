using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.IdentityService.Accounts;
using PackRelay.IdentityService.Audit;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Administration;

/// <summary>
/// <c>PATCH /api/v1/admin/accounts/{id}</c>: role, plan, permissions, suspension. Others hear of it within a second. 404 <c>not_found</c> for an unknown id; 409
/// <c>last_admin</c> when no administrator would be left.
/// </summary>
internal static class UpdateAccount
{
    private const int LargestBodyBytes = 128 * 1024; // a thousand slugs

    private const string SelectSql = $"SELECT {ManagedAccount.Columns} FROM accounts WHERE id = $1 AND deleted_at IS NULL FOR UPDATE";

    private const string ExistsSql = "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND deleted_at IS NULL)";

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    private const string OtherAdminSql = "SELECT EXISTS (SELECT 1 FROM accounts WHERE role = 'admin' AND suspended_at IS NULL AND id <> $1)";

    private const string UpdateSql = """
        UPDATE accounts SET role = $2, plan = $3, solder_permissions = $4, solder_modpacks = $5, suspended_at = $6, revision = $7 WHERE id = $1
        """;

    private const string EndSessionsSql = "DELETE FROM sessions WHERE account_id = $1"; // AccountChanged makes the gateways forget them

    public static void Map(RouteGroupBuilder admin) => admin.MapPatch("/accounts/{id}", HandleAsync).WithName(nameof(UpdateAccount));

    internal static async Task<Results<Ok<AdminAccount>, ApiError>> HandleAsync(
        string id, Actor actor, JsonBody<UpdateAccountRequest> body, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        if (!Guid.TryParseExact(id, "D", out var accountId) || !await db.ScalarAsync<bool>(ExistsSql, stop, accountId)) return ApiError.NotFound("account", id);
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (request.Check() is { } problem) return problem;
        return await db.InTransactionAsync(connection => ChangeAsync(connection, accountId, request, actor, clock.GetUtcNow(), stop), stop);
    }

    private static async Task<Results<Ok<AdminAccount>, ApiError>> ChangeAsync(
        NpgsqlConnection connection, Guid accountId, UpdateAccountRequest request, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        await connection.ExecuteAsync(LockSql, stop, FirstAdmin.AdvisoryLock); // else two administrators could take each other's role at once
        var before = await connection.FirstAsync(SelectSql, ManagedAccount.Read, stop, accountId);
        if (before is null) return ApiError.NotFound("account", accountId.ToString());
        var after = Apply(before, request, now);
        if (IsActingAdmin(before) && !IsActingAdmin(after) && !await connection.ScalarAsync<bool>(OtherAdminSql, stop, accountId))
            return ApiError.Conflict(AccountCodes.LastAdmin, "this is the last administrator; make another one first");

        var changes = AccountChanges.Between(before, after);
        if (changes.Count == 0) return TypedResults.Ok(before.ToAnswer());
        after = after with { Account = after.Account with { Revision = before.Account.Revision + 1 } };
        await connection.ExecuteAsync(
            UpdateSql, stop, accountId, after.Account.Role.ToText(), after.Account.Plan, after.Permissions.ToArray(), after.SolderModpacks.ToArray(), after.SuspendedAt, after.Account.Revision);
        if (after.SuspendedAt is not null) await connection.ExecuteAsync(EndSessionsSql, stop, accountId);
        await connection.PublishAsync(Account.EventEntity(accountId), after.Account.ToChanged(now), stop);
        await connection.WriteAsync(actor.Did(AuditActions.AccountChangedByAdmin, Account.EventEntity(accountId), now, accountId, changes), stop);
        return TypedResults.Ok(after.ToAnswer());
    }

    private static ManagedAccount Apply(ManagedAccount before, UpdateAccountRequest request, DateTimeOffset now) => before with
    {
        Account = before.Account with
        {
            Role = request.Role.IsSet ? RoleText.Parse(request.Role.Value!) : before.Account.Role,
            Plan = request.Plan.Or(before.Account.Plan)!,
        },
        Permissions = [.. SolderPermissions.All.Where(flag => request.Permissions.Value?.TryGetValue(flag, out var isOn) == true ? isOn : before.Permissions.Contains(flag))],
        SolderModpacks = request.SolderModpacks.Value is { } slugs
            ? [.. slugs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : before.SolderModpacks,
        SuspendedAt = request.Suspended.Value switch
        {
            true => before.SuspendedAt ?? now,
            false => null,
            null => before.SuspendedAt,
        },
    };

    private static bool IsActingAdmin(ManagedAccount account) => account is { Account.Role: Role.Admin, SuspendedAt: null };
}
