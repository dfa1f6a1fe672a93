namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>What the batches of reads have in common: how their items find packages and versions, and in what order they are answered.</summary>
internal static class PackageRows
{
    // OFFSET 0 keeps each item's look-up one of its own, by the index. Left to itself the planner thinks reading 20,000 packages whole cheaper than finding 100 of them, by what a disk would take; they are in memory.
    /// <summary>Finds packages by id: $1 has the ids, $2 the versions, null for all.</summary>
    public const string ById = """
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (wanted, version, place)
        CROSS JOIN LATERAL (SELECT * FROM reloaded_packages found WHERE found.id = w.wanted OFFSET 0) p
        """;

    /// <summary>Finds packages by the hash of their id.</summary>
    public const string ByHash = """
        FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS w (wanted, version, place)
        CROSS JOIN LATERAL (SELECT * FROM reloaded_packages found WHERE found.id_hash = w.wanted OFFSET 0) p
        """;

    /// <summary>One version of each, or all: each way by its index. What is on hold is not there.</summary>
    public const string Versions = """
        CROSS JOIN LATERAL (
            SELECT * FROM reloaded_versions one WHERE one.package = p.position AND one.version = w.version AND one.held_since IS NULL
             UNION ALL
            SELECT * FROM reloaded_versions every WHERE w.version IS NULL AND every.package = p.position AND every.held_since IS NULL) v
        """;

    /// <summary>By the order of the request, then the highest version first.</summary>
    public static List<T> Sort<T>(List<PackageRow<T>> rows)
        where T : class
    {
        var isSorted = true;
        for (var i = 1; i < rows.Count && isSorted; i++) isSorted = rows[i - 1].Place < rows[i].Place;
        if (!isSorted)
        {
            var precedence = Comparer<PackageRow<T>>.Create(static (left, right) =>
                left.Place != right.Place ? left.Place.CompareTo(right.Place) : PackageVersion.ComparePrecedence(Parse(right.Version), Parse(left.Version)));
            rows = [.. rows.Order(precedence)]; // stable, and versions that are stored can be parsed
        }

        return rows.ConvertAll(row => row.Item!);
    }

    private static PackageVersion Parse(string version) =>
        PackageVersion.TryParse(version, out var parsed) ? parsed : throw new InvalidOperationException($"'{version}' was stored and is no version.");
}

/// <summary>A version that a batch asks for.</summary>
/// <param name="Place">Which item asks for it.</param>
/// <param name="Version">Its name.</param>
/// <param name="Item">The answer; null when all of them are too much for one.</param>
/// <param name="AllBytes">Bytes of all of them together.</param>
internal sealed record PackageRow<T>(long Place, string Version, T? Item, long AllBytes = 0)
    where T : class;
