using System.Collections.Concurrent;
using System.Reflection;
using PackRelay.ApiDocument;

namespace PackRelay.Testing.Documents;

/// <summary>What a service's part of the API document promises, as the service writes it down now. It takes a second, so each test run asks once.</summary>
internal static class ServiceContract
{
    private static readonly ConcurrentDictionary<Assembly, Lazy<Task<ApiContract>>> Contracts = new();

    public static Task<ApiContract> OfAsync(Assembly service) => Contracts.GetOrAdd(service, static service => new(() => ReadAsync(service))).Value;

    private static async Task<ApiContract> ReadAsync(Assembly service)
    {
        var part = await ApiDocumentBuilder.ReadPartAsync(service.Location, CancellationToken.None);
        return ApiContract.Parse(ApiDocumentBuilder.Write(DocumentMerge.Merge([part], static _ => true)));
    }
}
