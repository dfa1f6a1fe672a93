using PackRelay.IdentityService.Accounts;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Solder;

/// <summary>Asks the catalog which numbers are modpacks'.</summary>
internal sealed class CatalogModpacks(IHttpClientFactory clients)
{
    /// <param name="numbers">The numbers.</param>
    /// <param name="slugs">The only modpacks that count; null for all.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="HttpRequestException">The catalog does not answer, or not in time.</exception>
    public async Task<IReadOnlySet<long>> FindAsync(IReadOnlyList<long> numbers, IReadOnlyList<string>? slugs, CancellationToken stop)
    {
        using var catalog = clients.CreateClient(CatalogProperty.ServiceName);
        try
        {
            using var answer = await catalog.PostAsJsonAsync(new Uri("/internal/solder/modpacks", UriKind.Relative), new SolderModpackNumbers(numbers, slugs), ApiJson.Options, stop);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<SolderModpackNumbers>(ApiJson.Options, stop))!.Modpacks.ToHashSet();
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("The catalog did not answer in time.", error);
        }
    }
}
