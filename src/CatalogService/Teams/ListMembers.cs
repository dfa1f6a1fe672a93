using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Teams;

/// <summary><c>GET /api/v1/packs/{slug}/members</c>: for the team itself. What everybody may know of it is in the pack's page.</summary>
internal static class ListMembers
{
    private const string MembersSql = $"""
        SELECT {Member.Columns} FROM pack_members m JOIN accounts a ON a.id = m.account_id
         WHERE m.pack_id = $1 ORDER BY m.added_at, a.username
        """; // at most Members.Limit rows

    private const string OwnerSql = "SELECT username FROM accounts WHERE id = $1";

    private const string TransferSql = """
        SELECT a.username, t.offered_at, t.expires_at FROM pack_transfers t JOIN accounts a ON a.id = t.receiver_id
         WHERE t.pack_id = $1 AND t.expires_at > $2
        """;

    /// <summary>The team of a pack. Errors: 403 <c>not_owner</c> for those who are not of it.</summary>
    /// <param name="Owner">The owner's username.</param>
    /// <param name="Members">The members, in the order in which they came; at most 50.</param>
    /// <param name="Transfer">The offer of ownership that waits for an answer; null without one.</param>
    public sealed record Response(string Owner, IReadOnlyList<Member> Members, PendingTransfer? Transfer);

    /// <summary>An offer of ownership.</summary>
    /// <param name="Username">To whom.</param>
    /// <param name="OfferedAt">When, UTC.</param>
    /// <param name="ExpiresAt">When it lapses, UTC.</param>
    public sealed record PendingTransfer(string Username, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt);

    public static RouteHandlerBuilder Map(RouteGroupBuilder pack) => pack.MapRead("/members", HandleAsync).WithName(nameof(ListMembers));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        string slug, Caller caller, PackAccess packs, NpgsqlDataSource db, TimeProvider clock, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, PackRight.Changelog, stop); // whoever has any right at all
        if (!found.TryGet(out var pack, out var error)) return error;
        var owner = await db.ScalarAsync<string>(OwnerSql, stop, pack.OwnerId);
        var members = await db.ListAsync(MembersSql, Member.Read, stop, pack.Id);
        var transfer = await db.FirstAsync(
            TransferSql, row => new PendingTransfer(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2)), stop, pack.Id, clock.GetUtcNow());
        return TypedResults.Ok(new Response(owner!, members, transfer));
    }
}
