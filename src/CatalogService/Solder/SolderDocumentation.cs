using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.CatalogService.Solder;

internal static class SolderDocumentation
{
    /// <summary>Says in the API document that a read takes the dialect's own credentials. The gateway reads them.</summary>
    public static RouteHandlerBuilder TakesSolderCredentials(this RouteHandlerBuilder route) => route
        .TakesQuery("k", "A Solder key: opens every modpack. An unknown one counts as none.")
        .TakesQuery("cid", "The uuid of a client: opens the modpacks that it is attached to. An unknown one counts as none.");
}
