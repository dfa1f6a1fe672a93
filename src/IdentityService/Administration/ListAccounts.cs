using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Administration;

/// <summary>A page of accounts.</summary>
/// <param name="Accounts">Newest first.</param>
/// <param name="HasMore">Whether older ones follow.</param>
/// <param name="NextCursor">Leads to them; null without them.</param>
public sealed record AccountPage(IReadOnlyList<AdminAccount> Accounts, bool HasMore, string? NextCursor);

/// <summary>
/// <c>GET /api/v1/admin/accounts</c>: newest first; <c>q</c> (at most 200 characters) is looked for anywhere in username, e-mail address and display name,
/// in either case. Errors, by <c>code</c>: <c>invalid_q</c>, <c>invalid_limit</c>, <c>invalid_offset</c>, <c>invalid_cursor</c> 400.
/// </summary>
internal static class ListAccounts
{
    private const int LongestQuery = 200;

    private const string AllSql = $"SELECT {ManagedAccount.Columns} FROM accounts WHERE id < $1 AND deleted_at IS NULL ORDER BY id DESC LIMIT $2";

    private const string SearchSql = $"""
        SELECT {ManagedAccount.Columns} FROM accounts WHERE id < $1 AND deleted_at IS NULL AND search LIKE lower($3) ORDER BY id DESC LIMIT $2
        """;

    public static void Map(RouteGroupBuilder admin) => admin.MapRead("/accounts", HandleAsync).TakesPage(byOffset: false).WithName(nameof(ListAccounts));

    internal static async Task<Results<Ok<AccountPage>, ApiError>> HandleAsync(
        HttpContext context, PageCursors cursors, NpgsqlDataSource db, CancellationToken stop, string? q = null)
    {
        var list = PageCursors.ListOf("admin accounts", q);
        if (!KeysetPage.TryRead(context.Request.Query, cursors, list, Guid.AllBitsSet, out var page, out var error)) return error;
        if (q is { Length: > LongestQuery } || (q?.Contains('\0', StringComparison.Ordinal) ?? false)) return ApiError.Invalid("q", $"at most {LongestQuery} characters, without U+0000");
        var rows = string.IsNullOrEmpty(q)
            ? await db.ListAsync(AllSql, ManagedAccount.Read, stop, page.Before, page.Rows)
            : await db.ListAsync(SearchSql, ManagedAccount.Read, stop, page.Before, page.Rows, $"%{Literal(q)}%");
        var (hasMore, next) = page.Cut(rows, row => row.Account.Id, cursors, list);
        return TypedResults.Ok(new AccountPage(rows.ConvertAll(row => row.ToAnswer()), hasMore, next));
    }

    /// <summary>Text that LIKE takes as it is.</summary>
    private static string Literal(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
