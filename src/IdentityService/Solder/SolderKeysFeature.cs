using PackRelay.IdentityService.Administration;

namespace PackRelay.IdentityService.Solder;

/// <summary>Keys of the Solder dialect.</summary>
internal static class SolderKeysFeature
{
    public static void MapSolderKeys(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapAdmin();
        CreateSolderKey.Map(admin);
        ListSolderKeys.Map(admin);
        DeleteSolderKey.Map(admin);
    }
}
