using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>The switch of the reads of mods: it is looked at before anything else.</summary>
internal sealed class ModApi(IOptions<SolderOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        options.Value.ModApi ? next(context) : ValueTask.FromResult<object?>(SolderError.NotFound("Mod API has been disabled"));
}
