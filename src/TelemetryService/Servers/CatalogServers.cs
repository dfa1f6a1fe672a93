using System.Net;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.TelemetryService.Servers;

/// <summary>Asks the catalog for a server whose event has not arrived yet.</summary>
internal sealed class CatalogServers(IHttpClientFactory clients)
{
    public const string ServiceName = "catalog";

    /// <summary>The server as its last event would describe it; null when there is none.</summary>
    /// <exception cref="HttpRequestException">The catalog does not answer, or not in time.</exception>
    public async Task<ServerChanged?> FindAsync(string slug, CancellationToken stop)
    {
        using var catalog = clients.CreateClient(ServiceName);
        try
        {
            using var answer = await catalog.GetAsync(new Uri($"/internal/servers/{slug}", UriKind.Relative), stop);
            if (answer.StatusCode == HttpStatusCode.NotFound) return null;
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<ServerChanged>(ApiJson.Options, stop);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("The catalog did not answer in time.", error);
        }
    }
}
