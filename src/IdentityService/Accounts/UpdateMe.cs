using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>
/// Body of <c>PATCH /api/v1/me</c>; what is absent stays as it is. Errors, by <c>code</c>: <c>invalid_display_name</c>, <c>invalid_image</c>,
/// <c>invalid_minecraft_name</c>, <c>invalid_minecraft_uuid</c> 400.
/// </summary>
/// <param name="DisplayName">1 to 80 characters; not null.</param>
/// <param name="Image">Absolute https address of at most 2,048 characters; null removes it.</param>
/// <param name="MinecraftName">2 to 16 letters, digits or underscores; null removes it.</param>
/// <param name="MinecraftUuid">32 hex digits, with or without hyphens; null removes it.</param>
public sealed record UpdateMeRequest(
    PatchField<string?> DisplayName = default, PatchField<string?> Image = default, PatchField<string?> MinecraftName = default, PatchField<string?> MinecraftUuid = default);

/// <summary>Changes the caller's profile: what is left out stays, null clears all but <c>displayName</c>.</summary>
internal static class UpdateMe
{
    private const int LargestBodyBytes = 32 * 1024;

    private const string SelectSql = $"SELECT {Account.Columns} FROM accounts WHERE id = $1 FOR UPDATE";

    private const string UpdateSql = """
        UPDATE accounts SET display_name = $2, image = $3, minecraft_name = $4, minecraft_uuid = $5, revision = $6 WHERE id = $1
        """;

    public static void Map(RouteGroupBuilder me) => me.MapPatch("", HandleAsync).RequireSession().WithName(nameof(UpdateMe));

    internal static async Task<Results<Ok<Profile>, ApiError>> HandleAsync(
        Caller caller, JsonBody<UpdateMeRequest> body, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, LargestBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        if (AccountRules.CheckImage(request.Image.Value) is { } badImage) return badImage;
        if (AccountRules.CheckMinecraftName(request.MinecraftName.Value) is { } badName) return badName;
        if (!AccountRules.TryReadMinecraftUuid(request.MinecraftUuid.Value, out var minecraftUuid, out error)) return error;
        string? displayName = null;
        if (request.DisplayName.IsSet && !AccountRules.TryReadDisplayName(request.DisplayName.Value, out displayName, out error)) return error;

        var account = await db.InTransactionAsync(
            connection => ChangeAsync(
                connection,
                caller.AccountId,
                before => before with
                {
                    DisplayName = displayName ?? before.DisplayName,
                    Image = request.Image.Or(before.Image),
                    MinecraftName = request.MinecraftName.Or(before.MinecraftName),
                    MinecraftUuid = request.MinecraftUuid.IsSet ? minecraftUuid : before.MinecraftUuid,
                },
                clock.GetUtcNow(),
                stop),
            stop);
        return account is null ? ApiError.Unauthenticated() : TypedResults.Ok(account.ToProfile());
    }

    private static async Task<Account?> ChangeAsync(
        NpgsqlConnection connection, Guid accountId, Func<Account, Account> change, DateTimeOffset now, CancellationToken stop)
    {
        var before = await connection.FirstAsync(SelectSql, Account.Read, stop, accountId);
        if (before is null) return null;
        var after = change(before);
        // The picture is asked for where it is shown.
        var othersCare = after.DisplayName != before.DisplayName || after.MinecraftName != before.MinecraftName || after.MinecraftUuid != before.MinecraftUuid;
        if (othersCare) after = after with { Revision = before.Revision + 1 };
        await connection.ExecuteAsync(UpdateSql, stop, accountId, after.DisplayName, after.Image, after.MinecraftName, after.MinecraftUuid, after.Revision);
        if (othersCare) await connection.PublishAsync(Account.EventEntity(accountId), after.ToChanged(now), stop);
        return after;
    }
}
