using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Lists;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>GET /api/v1/packs/{slug}/versions</c>: the versions of a pack, newest first.</summary>
internal static class ListVersions
{
    /// <summary>One page of a pack's versions, newest first.</summary>
    /// <param name="Versions">The versions, withdrawn ones too.</param>
    /// <param name="HasMore">Whether others follow.</param>
    /// <param name="NextCursor">Send as <c>cursor</c> to get them; absent when there are none, or when paging by offset.</param>
    /// <param name="NextOffset">Send as <c>offset</c> to get them, when paging by offset.</param>
    public sealed record Response(
        IReadOnlyList<PackVersion> Versions,
        bool HasMore,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NextOffset);

    /// <summary>A published version.</summary>
    /// <param name="Version">Semantic version, as signed.</param>
    /// <param name="PublishedAt">The manifest's own time stamp, as signed.</param>
    /// <param name="FileCount">Files of its manifest.</param>
    /// <param name="TotalSizeBytes">Sum of their sizes in bytes.</param>
    /// <param name="Changelog">What its publisher says of it; null when nothing.</param>
    /// <param name="Withdrawn">Null unless the publisher took it back.</param>
    /// <param name="KeyId">The key that signed it, <c>publisher/name</c>.</param>
    public sealed record PackVersion(
        string Version, string PublishedAt, int FileCount, long TotalSizeBytes, string? Changelog, Withdrawal? Withdrawn, string KeyId);

    /// <summary>That a version was taken back.</summary>
    /// <param name="Reason">Why; 1 to 500 characters.</param>
    /// <param name="At">When, UTC.</param>
    public sealed record Withdrawal(string Reason, DateTimeOffset At)
    {
        /// <summary>Of the columns <c>withdraw_reason, withdrawn_at</c>.</summary>
        internal static Withdrawal? Read(NpgsqlDataReader row, int column) =>
            row.GetNullable<string>(column) is { } reason ? new Withdrawal(reason, row.GetFieldValue<DateTimeOffset>(column + 1)) : null;
    }

    private static readonly SortOrder Newest = new("newest", Descending: true, new SortKey("v.position", "bigint"));

    public static void Map(RouteGroupBuilder versions) => versions.MapRead("/", HandleAsync).WithName(nameof(ListVersions)).TakesPage();

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(string slug, HttpRequest request, Caller caller, PackAccess packs, PageReader pages, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        var read = await pages.ReadAsync(request, PageCursors.ListOf("versions", slug), Newest, Select, sql => From(sql, pack.Id), Read, stop);
        return read.TryGet(out var page, out error) ? TypedResults.Ok(new Response(page.Items, page.HasMore, page.NextCursor, page.NextOffset)) : error;
    }

    internal static void Select(SqlText sql) =>
        sql.AddConstant("v.version, v.published_at, v.file_count, v.total_size_bytes, v.changelog, v.withdraw_reason, v.withdrawn_at, v.key_id");

    internal static void From(SqlText sql, Guid packId) => sql.Add($"FROM pack_versions v WHERE v.pack_id = {packId}");

    private static PackVersion Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetNullable<string>(4), Withdrawal.Read(row, 5), row.GetString(7));
}
