using Microsoft.Extensions.DependencyInjection;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests;

/// <summary>Another process of the catalog on the database and the blob folder of the first.</summary>
internal sealed class SecondReplica(CatalogApi first, Action<IServiceCollection>? replaceServices = null) : ServiceFixture<Program>(new() { Messaging = true })
{
    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["ConnectionStrings:catalogdb"] = first.Postgres.ConnectionString;
        settings["Catalog:Blobs:Directory"] = first.BlobFolder;
    }

    protected override void ReplaceServices(IServiceCollection services) => replaceServices?.Invoke(services);
}
