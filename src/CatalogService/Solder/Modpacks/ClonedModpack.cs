using PackRelay.CatalogService.Solder.Builds;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>A modpack that was made of another, with its builds.</summary>
public sealed record ClonedModpack : ModpackRecord
{
    private ClonedModpack(ModpackRecord modpack, IReadOnlyList<BuildRecord> builds)
        : base(modpack) => Builds = builds;

    /// <summary>Its builds, in the order in which they came.</summary>
    public IReadOnlyList<BuildRecord> Builds { get; }

    internal static ClonedModpack Of(Modpack modpack, SolderLinks links, IReadOnlyList<BuildRecord> builds) => new(ModpackRecord.Of(modpack, links), builds);
}
