using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>GET /api/v1/packs/{slug}</c>: one pack. A private one is there for its owner and members only.</summary>
internal static class GetPack
{
    private const string Sql = $"SELECT {CatalogPack.Columns}, {PackGate.Columns} FROM packs p WHERE p.slug = $1";

    public static void Map(RouteGroupBuilder packs) => packs.MapRead("/{slug}", HandleAsync).WithName(nameof(GetPack));

    private static async Task<Results<Ok<CatalogPack>, ApiError>> HandleAsync(string slug, Caller caller, NpgsqlDataSource db, CancellationToken stop)
    {
        var found = await db.FirstAsync(Sql, Read, stop, slug);
        return found is not null && found.Gate.Admits(caller, slug) ? TypedResults.Ok(found.Pack) : PackErrors.NotFound(slug);
    }

    private static Row Read(NpgsqlDataReader row) => new(CatalogPack.Read(row), PackGate.Read(row, row.FieldCount - PackGate.Width));

    private sealed record Row(CatalogPack Pack, PackGate Gate);
}
