namespace PackRelay.CatalogService.Drafts;

/// <summary>Mod lists that tools leave for a person to make a pack of.</summary>
internal static class DraftsFeature
{
    public static IServiceCollection AddDrafts(this IServiceCollection services)
    {
        services.AddOptions<DraftOptions>().BindConfiguration("Catalog:Drafts").ValidateDataAnnotations().ValidateOnStart()
            .Validate(options => options.PageUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Catalog:Drafts:PageUrl must be an absolute http or https address.");
        return services;
    }

    public static void MapDrafts(this IEndpointRouteBuilder app)
    {
        var drafts = app.MapGroup("/api/packs/draft-seed");
        LeaveDraft.Map(drafts);
        ClaimDraft.Map(drafts);
    }
}
