using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Art;

/// <summary>
/// <c>PUT /api/modpack/{slug}/art/{kind}</c>, beyond Solder's own routes: the body is the modpack's <c>icon</c>, <c>logo</c> or <c>background</c>, a PNG. Needs the flag <c>modpacks_manage</c>, access to
/// the modpack, and room in the plan of who sends it. 404 <c>Modpack not found.</c>; 422 for what is no PNG.
/// </summary>
internal static class PutArt
{
    private const string SetSql = """
        INSERT INTO solder_pack_art (pack_id, kind, sha256, md5) VALUES ($1, $2, $3, $4) ON CONFLICT (pack_id, kind) DO UPDATE SET sha256 = EXCLUDED.sha256, md5 = EXCLUDED.md5
        """;

    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Map(RouteGroupBuilder uploads) => uploads.MapPut("/modpack/{slug}/art/{kind}", HandleAsync).WithName(nameof(PutArt))
        .TakesBody("image/png", "The picture.").WithMetadata(new DisableRequestSizeLimitAttribute()).Produces<ModpackRecord>(); // its own limit is checked while it arrives

    private static async Task<IResult> HandleAsync(
        string slug, string kind, HttpRequest request, Caller caller, ModpackQueries modpacks, UploadedFiles files, SolderLinks links, IOptions<SolderOptions> options, TimeProvider clock,
        CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (modpack is null) return refusal!;
        if (!ArtKind.IsKnown(kind)) return SolderError.Invalid("kind", "The selected kind is invalid.");
        var now = clock.GetUtcNow();
        var problem = await files.AddAsync(
            request, caller, options.Value.MaxArtBytes, head => head.SequenceEqual(Signature), $"The {kind} field must be a file of type: png.",
            async (connection, file) =>
            {
                if (!await ModpackQueries.LockAsync(connection, modpack.Id, stop)) return; // gone: the file stays without use, and goes
                await connection.ExecuteAsync(SetSql, stop, modpack.Id, kind, Convert.FromHexString(file.Sha256), file.Md5);
                await ModpackQueries.AnnounceBuildsAsync(connection, modpack, now, stop);
            },
            stop);
        if (problem is not null) return problem;
        (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        return modpack is null ? refusal! : TypedResults.Ok(ModpackRecord.Of(modpack, links));
    }
}
