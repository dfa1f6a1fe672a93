using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.Translations;

/// <summary>
/// <c>POST /api/packages/translations</c>: translations of up to 500 packages, by package; an empty list for a package without any, and for one that is not known. Errors: <c>invalid_batch</c>,
/// <c>invalid_package_id</c>, <c>invalid_format</c>, <c>invalid_messagepack</c>, <c>invalid_encoding</c> 400.
/// </summary>
internal static class FindTranslations
{
    private const int MaxPerPackage = 200;

    internal const string FindSql = """
        SELECT w.id, t.id, t.language_code, t.friendly_name FROM unnest($1::text[]) WITH ORDINALITY AS w (id, place)
         CROSS JOIN LATERAL (SELECT p.id, p.language_code, p.friendly_name, p.position FROM reloaded_packages p WHERE p.translation_of = w.id ORDER BY p.position LIMIT $2) t
         ORDER BY w.place, t.position
        """;

    private const string OfPackageSql = "SELECT id, language_code, friendly_name FROM reloaded_packages WHERE translation_of = $1 ORDER BY position LIMIT $2";

    public static void Map(RouteGroupBuilder packages) => packages.MapPost("/translations", HandleAsync).OpenToAnyone().WithName(nameof(FindTranslations));

    /// <summary>Translations of a package, in the order in which they came.</summary>
    public static Task<List<Translation>> ListAsync(NpgsqlConnection connection, string packageId, CancellationToken stop) =>
        connection.ListAsync(OfPackageSql, row => new Translation(row.GetString(0), row.GetString(1), row.GetString(2)), stop, packageId, MaxPerPackage);

    private static async Task<Results<Ok<Dictionary<string, List<Translation>>>, ReloadedError>> HandleAsync(BatchBody<string> body, NpgsqlDataSource db, CancellationToken stop)
    {
        var read = await body.ReadAsync(PackageRequests.CheckId, stop);
        if (!read.TryGet(out var items, out var error)) return error;
        var answer = new Dictionary<string, List<Translation>>(items.Count, StringComparer.Ordinal);
        foreach (var item in items) answer[item] = [];
        var found = await db.ListAsync(
            FindSql, row => (Of: row.GetString(0), Translation: new Translation(row.GetString(1), row.GetString(2), row.GetString(3))), stop, answer.Keys.ToArray(), MaxPerPackage);
        foreach (var (of, translation) in found) answer[of].Add(translation);
        return TypedResults.Ok(answer);
    }
}

/// <summary>A package that translates another.</summary>
/// <param name="PackageId">The translation.</param>
/// <param name="LanguageCode">Its language, such as <c>de-DE</c> or <c>uwu-en</c>.</param>
/// <param name="FriendlyName">The language's name for people.</param>
public sealed record Translation(string PackageId, string LanguageCode, string FriendlyName);
