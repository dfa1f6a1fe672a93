namespace PackRelay.CatalogService.Solder.Import;

internal static class SolderImportFeature
{
    public static IServiceCollection AddSolderImport(this IServiceCollection services) => services;
}
