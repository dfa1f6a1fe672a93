namespace PackRelay.IdentityService.Administration;

/// <summary>What administrators do with accounts.</summary>
internal static class AdministrationFeature
{
    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapAdmin();
        ListAccounts.Map(admin);
        GetAccount.Map(admin);
        UpdateAccount.Map(admin);
    }
}
