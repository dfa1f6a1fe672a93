using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Solder;

/// <summary><c>GET /api/</c>: by this launchers and scripts know a Solder.</summary>
internal static class GetRoot
{
    /// <summary>What answers here. The dialect is that of this version of Technic Solder.</summary>
    /// <param name="Api">Always the same: TechnicSolder.</param>
    /// <param name="Version">Always <c>1.1.3</c></param>
    /// <param name="Stream">Always <c>rolling</c></param>
    public sealed record SolderRoot(string Api, string Version, string Stream);

    public static void Map(RouteGroupBuilder reads) => reads.MapRead("", () => TypedResults.Ok(new SolderRoot("TechnicSolder", "1.1.3", "rolling"))).WithName(nameof(GetRoot));
}
