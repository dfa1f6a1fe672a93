using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Teams;

/// <summary>Who works on a pack, and who owns it.</summary>
internal static class TeamsFeature
{
    public static IServiceCollection AddTeams(this IServiceCollection services) => services.AddSingleton<Members>().AddSingleton<Transfers>();

    public static void MapTeams(this IEndpointRouteBuilder app)
    {
        var pack = app.MapGroup("/api/v1/packs/{slug}");
        ListMembers.Map(pack).RequireScopeOrSession(Scopes.PacksWrite);
        SetMember.Map(pack).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
        RemoveMember.Map(pack);
        OfferTransfer.Map(pack);
        AnswerTransfer.Map(pack);
        ListTransfers.Map(app).RequireScopeOrSession(Scopes.PacksWrite);
    }
}
