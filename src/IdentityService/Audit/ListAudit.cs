using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.IdentityService.Accounts;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Audit;

/// <summary>One entry of the audit log.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was done, UTC.</param>
/// <param name="Action">What was done, such as <c>pack.deleted</c>.</param>
/// <param name="Target">What it was done to, such as <c>pack:my-pack</c>.</param>
/// <param name="ActorId">Account that did it; null when nobody was signed in.</param>
/// <param name="Actor">That account's username at the time; null with it.</param>
/// <param name="Credential"><c>none</c>, <c>token</c> or <c>session</c>.</param>
/// <param name="CredentialId">Id of the token or session; null without one.</param>
/// <param name="Address">Address of the client; null when the request did not come through the gateway.</param>
/// <param name="SubjectId">Account that it was done to, where that is not the actor; else null.</param>
/// <param name="Details">Further values by name; empty without any.</param>
public sealed record AuditEntry(
    Guid Id, DateTimeOffset At, string Action, string Target, Guid? ActorId, string? Actor, string Credential, Guid? CredentialId, string? Address,
    Guid? SubjectId, IReadOnlyDictionary<string, string> Details);

/// <summary>A page of the audit log.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="HasMore">Whether older ones follow.</param>
/// <param name="NextCursor">Leads to them; null without them.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, bool HasMore, string? NextCursor);

/// <summary>
/// <c>GET /api/v1/admin/audit</c>: who did what, newest first. <c>account</c> (id or username: what it did and what was done to it), <c>action</c>, <c>since</c>
/// (a time with its offset), <c>limit</c>, <c>cursor</c>. Errors, by <c>code</c>: <c>invalid_account</c>, <c>invalid_action</c>, <c>invalid_since</c>,
/// <c>invalid_limit</c>, <c>invalid_offset</c>, <c>invalid_cursor</c> 400.
/// </summary>
internal static class ListAudit
{
    private const int LongestAction = 64;

    private const string Columns = "id, at, action, target, actor_id, actor_name, credential, credential_id, address, subject_id, details::text";

    // $1: below this id, $2: from this id on, $3: rows
    private const string Range = "id < $1 AND id >= $2";

    private const string Last = "ORDER BY id DESC LIMIT $3";

    private const string AllSql = $"SELECT {Columns} FROM audit_log WHERE {Range} {Last}";

    private const string ActionSql = $"SELECT {Columns} FROM audit_log WHERE {Range} AND action = $4 {Last}";

    // Each half walks an index of its own and stops early; "actor OR subject" could use neither.
    private const string AccountSql = $"""
        SELECT * FROM (
            (SELECT {Columns} FROM audit_log WHERE actor_id = $4 AND {Range} {Last})
            UNION
            (SELECT {Columns} FROM audit_log WHERE subject_id = $4 AND {Range} {Last})) e
        {Last}
        """;

    private const string AccountAndActionSql = $"""
        SELECT * FROM (
            (SELECT {Columns} FROM audit_log WHERE actor_id = $4 AND action = $5 AND {Range} {Last})
            UNION
            (SELECT {Columns} FROM audit_log WHERE subject_id = $4 AND action = $5 AND {Range} {Last})) e
        {Last}
        """;

    private const string UsernameSql = "SELECT id FROM accounts WHERE username = $1";

    public static void Map(RouteGroupBuilder admin) => admin.MapRead("/audit", HandleAsync).TakesPage(byOffset: false).WithName(nameof(ListAudit));

    internal static async Task<Results<Ok<AuditPage>, ApiError>> HandleAsync(
        HttpContext context, PageCursors cursors, NpgsqlDataSource db, CancellationToken stop,
        string? account = null, string? action = null, string? since = null)
    {
        var list = PageCursors.ListOf("audit", account, action, since);
        if (!KeysetPage.TryRead(context.Request.Query, cursors, list, Guid.AllBitsSet, out var page, out var error)) return error;
        if (action is { Length: > LongestAction } || (action?.Contains('\0', StringComparison.Ordinal) ?? false)) return ApiError.Invalid("action", "one action, such as pack.deleted");
        if (!TryReadSince(since, out var from)) return ApiError.Invalid("since", "a time like 2026-01-02T03:04:05Z");
        Guid? accountId = null;
        if (account is not null)
        {
            if (!Guid.TryParseExact(account, "D", out var id) && AccountRules.CheckUsername(account) is not null) return ApiError.Invalid("account", "an account's id or username");
            accountId = id != Guid.Empty ? id : await db.ScalarAsync<Guid>(UsernameSql, stop, account); // nobody has the empty id: an empty list
        }

        var rows = await ReadAsync(db, page, from, accountId, action, stop);
        var (hasMore, next) = page.Cut(rows, entry => entry.Id, cursors, list);
        return TypedResults.Ok(new AuditPage(rows, hasMore, next));
    }

    private static Task<List<AuditEntry>> ReadAsync(NpgsqlDataSource db, KeysetPage<Guid> page, Guid from, Guid? accountId, string? action, CancellationToken stop) => (accountId, action) switch
    {
        (null, null) => db.ListAsync(AllSql, Read, stop, page.Before, from, page.Rows),
        (null, { }) => db.ListAsync(ActionSql, Read, stop, page.Before, from, page.Rows, action),
        ({ }, null) => db.ListAsync(AccountSql, Read, stop, page.Before, from, page.Rows, accountId),
        _ => db.ListAsync(AccountAndActionSql, Read, stop, page.Before, from, page.Rows, accountId, action),
    };

    private static bool TryReadSince(string? text, out Guid from)
    {
        from = Guid.Empty;
        if (text is null) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)) return false;
        from = TimeOrderedIds.FirstAt(since);
        return true;
    }

    private static AuditEntry Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetNullableValue<Guid>(4), row.GetNullable<string>(5),
        row.GetString(6), row.GetNullableValue<Guid>(7), row.GetNullable<string>(8), row.GetNullableValue<Guid>(9),
        row.GetNullable<string>(10) is { } details ? JsonSerializer.Deserialize<Dictionary<string, string>>(details)! : []);
}
