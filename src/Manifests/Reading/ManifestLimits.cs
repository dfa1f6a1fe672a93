using System.Collections.Frozen;

namespace PackRelay.Manifests.Reading;

/// <summary>The limits that a hub may set for itself; the defaults are those of the specification.</summary>
public sealed record ManifestLimits
{
    /// <summary>The limits of a hub that sets none.</summary>
    public static ManifestLimits Default { get; } = new();

    /// <summary>Most entries of <c>files</c>, and of <c>sources</c>; default 20,000.</summary>
    public int MaxFiles { get; init; } = 20_000;

    /// <summary>Most bytes of the document as it is sent; default 8 MiB.</summary>
    public int MaxManifestBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Games that a manifest of schema version 3 may be for; 1 and 2 are for <c>7d2d</c> always.</summary>
    public IReadOnlySet<string> Games { get; init; } = FrozenSet.Create(StringComparer.Ordinal, "7d2d", "valheim", "palworld", "minecraft");
}
