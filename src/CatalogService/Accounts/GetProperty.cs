using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Servers;
using PackRelay.ServiceDefaults.Accounts;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Accounts;

/// <summary><c>GET /internal/accounts/{id}/property</c>: what an account owns, for Identity, which deletes none that owns something. The gateway has no route to it.</summary>
internal static class GetProperty
{
    public static void Map(IEndpointRouteBuilder app) => app.MapRead("/internal/accounts/{id:guid}/property", HandleAsync).WithName(nameof(GetProperty));

    private static async Task<Ok<AccountProperty>> HandleAsync(Guid id, NewPacks packs, NewServers servers, CancellationToken stop) =>
        TypedResults.Ok(new AccountProperty(await packs.CountAsync(id, stop), await servers.CountAsync(id, stop)));
}
