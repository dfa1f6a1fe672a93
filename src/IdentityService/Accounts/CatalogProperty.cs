using PackRelay.ServiceDefaults.Accounts;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.IdentityService.Accounts;

/// <summary>Asks the catalog what an account owns.</summary>
internal sealed class CatalogProperty(IHttpClientFactory clients)
{
    public const string ServiceName = "catalog";

    /// <exception cref="HttpRequestException">The catalog does not answer, or not in time.</exception>
    public async Task<AccountProperty> FindAsync(Guid accountId, CancellationToken stop)
    {
        using var catalog = clients.CreateClient(ServiceName);
        try
        {
            return (await catalog.GetFromJsonAsync<AccountProperty>(new Uri($"/internal/accounts/{accountId}/property", UriKind.Relative), ApiJson.Options, stop))!;
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("The catalog did not answer in time.", error);
        }
    }
}
