using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>GET /api/v1/packs/{slug}</c></summary>
internal static class GetPack
{
    private const string Sql = $"SELECT {CatalogPack.Columns} FROM packs p WHERE p.id = $1";

    public static void Map(RouteGroupBuilder packs) => packs.MapRead("/{slug}", HandleAsync).WithName(nameof(GetPack));

    private static async Task<IResult> HandleAsync(string slug, Caller caller, PackLookup packs, NpgsqlDataSource db, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        return await db.FirstAsync(Sql, CatalogPack.Read, stop, pack.Id) is { } page ? TypedResults.Json(page) : PackErrors.NotFound(slug);
    }
}
