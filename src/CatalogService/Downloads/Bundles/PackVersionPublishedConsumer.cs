using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>Has the bundle of a new version built. The version is the key of the row, so a second time changes nothing.</summary>
internal sealed class PackVersionPublishedConsumer(BundleQueries bundles) : IConsumer<PackVersionPublished>
{
    public Task Consume(ConsumeContext<PackVersionPublished> context) => bundles.WantAsync(context.Message.Slug, context.Message.Version, context.CancellationToken);
}
