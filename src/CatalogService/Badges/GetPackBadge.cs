using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Badges;

/// <summary><c>GET /api/v1/packs/{slug}/badge.svg</c>: a badge with a pack's name, latest version and downloads, for pages elsewhere. A private pack has none.</summary>
internal static class GetPackBadge
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/api/v1/packs/{slug}/badge.svg", HandleAsync).WithName(nameof(GetPackBadge))
        .Answers(200, "The badge.", "image/svg+xml");

    private static async Task<IResult> HandleAsync(string slug, PackPages pages, CancellationToken stop)
    {
        // For everybody the same: what only a team sees is not put where it may be kept.
        if (await pages.FindAsync(slug, Caller.Anonymous, stop) is not { } pack) return PackErrors.NotFound(slug);
        var version = pack.LatestVersion is { } latest ? $"v{latest}" : "no version";
        return new SvgAnswer(Badge.Draw(pack.Name, $"{version} · {Badge.Count(pack.DownloadCount)} downloads", pack.LatestVersion is null ? Badge.Grey : Badge.Blue), BadgesFeature.MaxAge);
    }
}
