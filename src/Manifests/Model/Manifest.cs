namespace PackRelay.Manifests.Model;

/// <summary>What one version of a pack consists of, as its publisher signed it. Members that are not listed here are signed, stored and served all the same.</summary>
public sealed record Manifest
{
    /// <summary>1, 2 or 3.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The pack's slug; 3 to 50 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The pack's name for people; 1 to 200 characters.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Semantic version without build metadata; at most 64 characters.</summary>
    public required string Version { get; init; }

    /// <summary><c>7d2d</c> in schema versions 1 and 2, one of <see cref="Reading.ManifestLimits.Games"/> in 3.</summary>
    public required string Game { get; init; }

    /// <summary>Free text such as <c>V 2.4 (b7)</c>; 1 to 40 characters.</summary>
    public required string GameVersion { get; init; }

    /// <summary>Who published it, for display; 1 to 200 characters. The identity is the key of <see cref="Signature"/>.</summary>
    public required string Publisher { get; init; }

    /// <summary>When, exactly as it was signed: ISO 8601 in UTC with up to nine decimals. Never format it anew.</summary>
    public required string PublishedAt { get; init; }

    /// <summary><see cref="PublishedAt"/> as a moment in UTC, cut to 100 ns.</summary>
    public required DateTimeOffset PublishedAtUtc { get; init; }

    /// <summary>At most 20,000 characters; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>At most 20, each of 1 to 40 characters.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>In the order of the document; no two paths collide on any file system.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Where files came from, from schema version 2 on; empty before.</summary>
    public IReadOnlyList<ManifestSource> Sources { get; init; } = [];

    /// <summary>The mod framework that the pack runs on, in schema version 3.</summary>
    public ManifestFramework? Framework { get; init; }

    /// <summary>What the pack asks of a server, in schema version 3.</summary>
    public ManifestRequires? Requires { get; init; }

    /// <summary>Who signed it.</summary>
    public required ManifestSignature Signature { get; init; }

    /// <summary>Sum of the files' sizes in bytes; at most 2^53-1.</summary>
    public required long TotalSizeBytes { get; init; }
}

/// <summary>A mod framework that a pack needs, such as a loader.</summary>
/// <param name="Id">1 to 100 characters.</param>
/// <param name="Version">1 to 64 characters.</param>
public sealed record ManifestFramework(string Id, string Version);

/// <summary>What a pack asks of its surroundings; other members of <c>requires</c> are allowed and not read.</summary>
/// <param name="ServerPlatforms">Platforms a server must run on, at most 20 of 1 to 40 characters; empty for any.</param>
public sealed record ManifestRequires(IReadOnlyList<string> ServerPlatforms);

/// <summary>The signature over the canonical form of all other members.</summary>
/// <param name="PublicKeyId">The key's id, <c>publisher/key-name</c>.</param>
/// <param name="Value">128 lower-case hexadecimal digits.</param>
public sealed record ManifestSignature(Rules.KeyId PublicKeyId, string Value)
{
    /// <summary>The only algorithm there is.</summary>
    public const string Algorithm = "ed25519";
}
