using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder;

/// <summary><c>POST /internal/solder/modpacks</c>: which of these numbers are modpacks, for Identity, which attaches clients to them. The gateway has no route to it.</summary>
internal static class FindModpacks
{
    private const string Sql = "SELECT number FROM packs WHERE number = ANY ($1) AND visibility <> 'deleted' AND ($2::text[] IS NULL OR slug = ANY ($2))";

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/internal/solder/modpacks", HandleAsync).OpenToAnyone().WithName(nameof(FindModpacks)).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(JsonBody<SolderModpackNumbers> body, NpgsqlDataSource db, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var wanted, out var error)) return error;
        return TypedResults.Ok(new SolderModpackNumbers(await db.ListAsync(Sql, row => row.GetInt64(0), stop, wanted.Modpacks.ToArray(), wanted.Slugs?.ToArray())));
    }
}
