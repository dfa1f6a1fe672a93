using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary><c>GET /api/modpack/{slug}</c>: one modpack, also a hidden one. A private one is 404 <c>Modpack does not exist</c> to those without access.</summary>
internal static class GetModpack
{
    public static readonly SolderError NotFound = SolderError.NotFound("Modpack does not exist");

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("/modpack/{slug}", HandleAsync).WithName(nameof(GetModpack)).TakesSolderCredentials().Produces<ModpackPage>();

    private static async Task<IResult> HandleAsync(string slug, Caller caller, ModpackQueries modpacks, SolderLinks links, CancellationToken stop) =>
        await modpacks.FindAsync(slug, caller, stop) is { } modpack ? TypedResults.Ok(ModpackPage.Of(modpack, links)) : NotFound;
}
