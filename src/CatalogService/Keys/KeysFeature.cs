using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Keys;

/// <summary>Publishers' signing keys.</summary>
internal static class KeysFeature
{
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        RegisterKey.Map(app).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        ListMyKeys.Map(app).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksPublish);
        GetKey.Map(app);
        RevokeKey.Map(app);
    }
}
