using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Drafts;

/// <summary>
/// <c>GET /api/packs/draft-seed/{token}</c>: the mod list that was left, for whoever has its token. As often as needed until it ends: a form that is filled from it may be loaded again.
/// </summary>
internal static class ClaimDraft
{
    private const string FindSql = "SELECT draft FROM draft_seeds WHERE token_sha256 = $1 AND expires_at > $2";

    /// <summary>A mod list as it was left.</summary>
    /// <param name="Mods">The mods, in the order sent.</param>
    /// <param name="PackHint">What the pack could be called; null when nothing is known.</param>
    /// <param name="ExpiresAt">When it ends, UTC.</param>
    public sealed record Response(IReadOnlyList<DraftMod> Mods, DraftPack? PackHint, DateTimeOffset ExpiresAt);

    public static void Map(RouteGroupBuilder drafts) => drafts.MapRead("/{token}", HandleAsync).WithName(nameof(ClaimDraft)).Produces<Response>();

    private static async Task<Results<FileContentHttpResult, ApiError>> HandleAsync(string token, NpgsqlDataSource db, TimeProvider clock, HttpResponse response, CancellationToken stop)
    {
        var draft = token.Length <= 100 ? await db.ScalarAsync<byte[]>(FindSql, stop, LeaveDraft.HashOf(token), clock.GetUtcNow()) : null;
        if (draft is null) return ApiError.NotFound("draft", token);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(draft, "application/json");
    }
}
