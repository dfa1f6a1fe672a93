using System.Net;
using PackRelay.Manifests.Comparing;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Servers;

namespace PackRelay.TelemetryService.Drift;

/// <summary>Asks the catalog for the mods of a version.</summary>
internal sealed class CatalogMods(IHttpClientFactory clients)
{
    /// <summary>The mods by name; none for a version that the catalog does not have.</summary>
    /// <exception cref="HttpRequestException">The catalog does not answer.</exception>
    /// <exception cref="OperationCanceledException">It does not answer in time.</exception>
    public async Task<IReadOnlyDictionary<string, ManifestMod>> FindAsync(string packSlug, string version, CancellationToken stop)
    {
        using var catalog = clients.CreateClient(CatalogServers.ServiceName);
        using var answer = await catalog.GetAsync(new Uri($"/internal/packs/{packSlug}/versions/{Uri.EscapeDataString(version)}/mods", UriKind.Relative), stop);
        var mods = new Dictionary<string, ManifestMod>(StringComparer.OrdinalIgnoreCase);
        if (answer.StatusCode == HttpStatusCode.NotFound) return mods;
        answer.EnsureSuccessStatusCode();
        foreach (var mod in await answer.Content.ReadFromJsonAsync<List<ManifestMod>>(ApiJson.Options, stop) ?? []) mods.TryAdd(mod.Name, mod);
        return mods;
    }
}
