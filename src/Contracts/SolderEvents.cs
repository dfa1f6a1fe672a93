namespace PackRelay.Contracts;

/// <summary>Builds of a modpack of the Solder dialect, or its art, are others now. Whoever keeps what the dialect answers of the modpack drops it.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="Slug">The modpack's slug.</param>
public sealed record SolderBuildsChanged(Guid EventId, DateTimeOffset OccurredAt, string Slug) : IHubEvent;

/// <summary>Mods of the Solder dialect, or versions of them, are others now; they may stand in builds of any modpack.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
public sealed record SolderModsChanged(Guid EventId, DateTimeOffset OccurredAt) : IHubEvent;

/// <summary>A modpack of the Solder dialect has another slug: whoever was given it by its slug has it by the new one.</summary>
/// <param name="EventId">Identifies the fact.</param>
/// <param name="OccurredAt">When it became true, UTC.</param>
/// <param name="OldSlug">Its slug until then.</param>
/// <param name="NewSlug">Its slug from then on.</param>
/// <param name="PackId">Identifies the pack, whatever it is called.</param>
/// <param name="Revision">The pack's revision after the change: of two renames of a pack the higher one says what it is called.</param>
public sealed record SolderModpackRenamed(Guid EventId, DateTimeOffset OccurredAt, string OldSlug, string NewSlug, Guid PackId, long Revision) : IHubEvent
{
    /// <summary>What all of them are about: one modpack may take the slug that another has just left, so they are consumed in the order in which they became true, whichever modpacks they concern.</summary>
    public const string Entity = "solder_modpacks";
}
