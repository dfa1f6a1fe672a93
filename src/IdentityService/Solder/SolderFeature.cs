using PackRelay.Contracts;
using PackRelay.IdentityService.Administration;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Messaging;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary>Credentials of the Solder dialect: keys, which administrators make; tokens and clients, by the dialect's own routes.</summary>
internal static class SolderFeature
{
    public static IServiceCollection AddSolder(this IServiceCollection services) => services.AddSingleton<CatalogModpacks>();

    public static MessagingBuilder ConsumeModpacks(this MessagingBuilder bus) => bus.Subscribe(Subscriptions.IdentityModpacks, typeof(RenamedModpacks));

    public static void MapSolder(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapAdmin();
        CreateSolderKey.Map(admin);
        ListSolderKeys.Map(admin);
        DeleteSolderKey.Map(admin);
        VerifySolderKey.Map(routes.MapSolderReads().NeverStore());
        var writes = routes.MapSolderWrites().NeverStore();
        ListSolderTokens.Map(writes);
        CreateSolderToken.Map(writes);
        RevokeSolderToken.Map(writes);
        CreateSolderClient.Map(writes);
        EditSolderClient.Map(writes);
        DeleteSolderClient.Map(writes);
    }
}
