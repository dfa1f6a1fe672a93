using Microsoft.AspNetCore.Server.Kestrel.Core;
using PackRelay.CatalogService.Files;
using PackRelay.CatalogService.Solder.Art;
using PackRelay.CatalogService.Solder.Builds;
using PackRelay.CatalogService.Solder.Mods;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder;

/// <summary>The Technic Solder dialect over the hub's packs, for its launchers and upload scripts.</summary>
internal static class SolderFeature
{
    // The caller's header may name a thousand modpacks of 64 letters, in JSON and then in base64.
    private const int LongestHeaders = 160 * 1024;

    public static IServiceCollection AddSolder(this IServiceCollection services)
    {
        services.AddOptions<SolderOptions>().BindConfiguration("Solder").ValidateDataAnnotations().ValidateOnStart()
            .Validate(options => options.MirrorUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Solder:MirrorUrl must be an absolute http or https address.");
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestHeadersTotalSize = LongestHeaders);
        services.AddSolderImport();
        return services.AddSingleton<SolderLinks>().AddSingleton<ModpackQueries>().AddSingleton<ModpackNames>().AddSingleton<BuildQueries>().AddSingleton<SignedBuilds>().AddSingleton<ModQueries>().AddSingleton<UploadedFiles>();
    }

    public static void MapSolder(this IEndpointRouteBuilder app)
    {
        var reads = app.MapSolderReads();
        GetRoot.Map(reads);
        ListModpacks.Map(reads);
        GetModpack.Map(reads);
        GetBuild.Map(reads);
        ListMods.Map(reads);
        GetMod.Map(reads);
        GetModVersion.Map(reads);

        var writes = app.MapSolderWrites();
        CreateModpack.Map(writes);
        CloneModpack.Map(writes);
        EditModpack.Map(writes);
        DeleteModpack.Map(writes);
        CreateBuild.Map(writes);
        EditBuild.Map(writes);
        DeleteBuild.Map(writes);
        AddMod.Map(writes);
        ReplaceMod.Map(writes);
        RemoveMod.Map(writes);
        CreateMod.Map(writes);
        EditMod.Map(writes);
        DeleteMod.Map(writes);
        CreateModVersion.Map(writes);
        EditModVersion.Map(writes);
        DeleteModVersion.Map(writes);
        RefreshMinecraft.Map(writes);

        var uploads = app.MapSolderWrites().AddEndpointFilter<RouteGroupBuilder, StoreOutage>();
        PutModFile.Map(uploads);
        PutArt.Map(uploads);
        DeleteArt.Map(uploads);
        var mirror = app.MapGroup("/mirror").AddEndpointFilter<RouteGroupBuilder, StoreOutage>();
        GetModFile.Map(mirror);
        GetArt.Map(mirror);
        FindModpacks.Map(app);
    }
}
