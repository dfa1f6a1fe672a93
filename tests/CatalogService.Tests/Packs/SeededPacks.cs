namespace PackRelay.CatalogService.Tests.Packs;

/// <summary>Many packs at once, put where requests would put them.</summary>
internal static class SeededPacks
{
    private const string Sql = """
        INSERT INTO packs (id, slug, owner_id, publisher_name, name, tags, game, visibility, created_at, active_at, download_count, is_featured)
        SELECT gen_random_uuid(), slug, $1, 'p', left(slug, 5), ARRAY[$2], '7d2d', 'public', now(), now() - (number % 7) * interval '1 s', number % 5, number % 50 = 0
          FROM unnest($3) WITH ORDINALITY AS seed (slug, number)
        """;

    /// <summary>Public packs with a tag; gives their slugs, which begin with the prefix.</summary>
    public static async Task<string[]> SeedPacksAsync(this CatalogApi api, Publisher publisher, string tag, string prefix, int count)
    {
        var slugs = Enumerable.Range(0, count).Select(number => $"{prefix}-{number}-{Guid.NewGuid():N}").ToArray();
        await api.ExecuteAsync(Sql, publisher.Caller.AccountId, tag, slugs);
        return slugs;
    }
}
