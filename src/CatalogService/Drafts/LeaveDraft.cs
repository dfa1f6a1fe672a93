using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Drafts;

/// <summary><c>POST /api/packs/draft-seed</c>: leaves a mod list for a person to make a pack of. For everybody; the gateway limits it per address.</summary>
internal static class LeaveDraft
{
    private const int MaxMods = 2_000;

    private const int MaxLength = 200;

    private const int MaxBodyBytes = 8 * 1024 * 1024; // 2,000 mods of 600 characters, all of them in escapes

    // Whoever brings a new one clears some that ended: no worker is needed, and more is cleared than comes.
    private const string AddSql = """
        WITH ended AS (
            DELETE FROM draft_seeds WHERE token_sha256 IN (SELECT token_sha256 FROM draft_seeds WHERE expires_at <= $4 ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED))
        INSERT INTO draft_seeds (token_sha256, draft, expires_at) VALUES ($1, $2, $3)
        """;

    /// <summary>A mod list. Errors: <c>invalid_mods</c>, <c>invalid_pack_hint</c> 400.</summary>
    /// <param name="Mods">At most 2,000.</param>
    /// <param name="PackHint">What the pack could be called; null when nothing is known.</param>
    public sealed record Request(IReadOnlyList<DraftMod> Mods, DraftPack? PackHint = null);

    /// <summary>Where the list can be claimed.</summary>
    /// <param name="Ok">True.</param>
    /// <param name="Token">Secret that claims it, as often as needed until it ends.</param>
    /// <param name="Url">Where a person goes on with it.</param>
    /// <param name="ExpiresAt">When it ends, UTC.</param>
    public sealed record Response(bool Ok, string Token, string Url, DateTimeOffset ExpiresAt);

    public static void Map(RouteGroupBuilder drafts) => drafts.MapPost("/", HandleAsync).OpenToAnyone().WithMetadata(new DisableRequestSizeLimitAttribute()).WithName(nameof(LeaveDraft));

    private static async Task<Results<Ok<Response>, ApiError>> HandleAsync(
        JsonBody<Request> body, NpgsqlDataSource db, IOptions<DraftOptions> options, IOptions<HubOptions> hub, TimeProvider clock, HttpResponse response, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, MaxBodyBytes);
        if (!read.TryGet(out var request, out var error)) return error;
        error = Check(request);
        if (error is not null) return error;
        var token = RandomNumberGenerator.GetHexString(48, lowercase: true);
        var now = clock.GetUtcNow();
        var expiresAt = now + options.Value.Lifetime;
        var draft = JsonSerializer.SerializeToUtf8Bytes(new ClaimDraft.Response(request.Mods, request.PackHint, expiresAt), ApiJson.Options);
        await db.ExecuteAsync(AddSql, stop, HashOf(token), draft, expiresAt, now);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(Ok: true, token, Url(token, options.Value, hub.Value), expiresAt));
    }

    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string Url(string token, DraftOptions options, HubOptions hub) =>
        options.PageUrl is { } page ? QueryHelpers.AddQueryString(page.AbsoluteUri, "draft", token) : hub.Link($"/api/packs/draft-seed/{token}");

    private static ApiError? Check(Request request)
    {
        if (request.Mods.Count > MaxMods) return ApiError.Invalid("mods", $"at most {MaxMods} mods");
        for (var i = 0; i < request.Mods.Count; i++)
        {
            if (request.Mods[i] is not { } mod || !IsName(mod.Name) || !IsText(mod.DisplayName) || !IsText(mod.Version))
                return ApiError.Invalid("mods", $"the mod at {i} must have a name of 1 to {MaxLength} characters, and at most {MaxLength} in displayName and version");
        }

        return request.PackHint is null || (IsName(request.PackHint.Name) && IsText(request.PackHint.Version))
            ? null
            : ApiError.Invalid("packHint", $"null, or a name of 1 to {MaxLength} characters and a version of at most {MaxLength}");
    }

    private static bool IsName(string name) => name.Length <= MaxLength && !string.IsNullOrWhiteSpace(name);

    private static bool IsText(string? text) => text is null or { Length: <= MaxLength };
}
