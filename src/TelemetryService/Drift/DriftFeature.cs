namespace PackRelay.TelemetryService.Drift;

/// <summary>Tells a server in what its mods differ from the version that it should run.</summary>
internal static class DriftFeature
{
    public static IServiceCollection AddDrift(this IServiceCollection services) => services
        .AddSingleton<CatalogMods>()
        .AddSingleton<ModLists>()
        .AddSingleton<DriftCheck>();
}
