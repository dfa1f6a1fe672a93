namespace PackRelay.Manifests.Model;

/// <summary>Where files of a pack came from. Kinds that this reader does not know are <see cref="UnknownSource"/>, not an error.</summary>
/// <param name="Id">What <see cref="ManifestFile.SourceRef"/> refers to; unique, 1 to 100 of a-z, 0-9, hyphen, dot and underscore, beginning with a letter or digit.</param>
public abstract record ManifestSource(string Id);

/// <summary>A file of nexusmods.com (<c>source: nexus</c>).</summary>
/// <param name="Id">The source's id.</param>
/// <param name="Game">The game's name there.</param>
/// <param name="ModId">Number of the mod, from 0.</param>
/// <param name="FileId">Number of the file, from 0.</param>
/// <param name="Version">The mod's version, free text.</param>
public sealed record NexusSource(string Id, string Game, long ModId, long FileId, string Version) : ManifestSource(Id);

/// <summary>An asset of a GitHub release (<c>source: github</c>).</summary>
/// <param name="Id">The source's id.</param>
/// <param name="Owner">Owner of the repository.</param>
/// <param name="Repository">Name of the repository.</param>
/// <param name="ReleaseTag">Tag of the release.</param>
/// <param name="AssetName">File name of the asset.</param>
/// <param name="Sha256">Hash of the asset, 64 lower-case hexadecimal digits; null when not given.</param>
public sealed record GitHubSource(string Id, string Owner, string Repository, string ReleaseTag, string AssetName, string? Sha256) : ManifestSource(Id);

/// <summary>A mod of 7daystodiemods.com (<c>source: 7dtm</c>).</summary>
/// <param name="Id">The source's id.</param>
/// <param name="ModSlug">The mod's slug there.</param>
/// <param name="Version">The mod's version, free text.</param>
/// <param name="UpstreamUrl">Absolute http or https address; at most 2048 characters.</param>
public sealed record SevenDaysModsSource(string Id, string ModSlug, string Version, string UpstreamUrl) : ManifestSource(Id);

/// <summary>A package of thunderstore.io (<c>source: thunderstore</c>).</summary>
/// <param name="Id">The source's id.</param>
/// <param name="Community">The community there.</param>
/// <param name="Namespace">The team that owns the package.</param>
/// <param name="Name">The package.</param>
/// <param name="Version">The package's version.</param>
/// <param name="Sha256">Hash of the package, 64 lower-case hexadecimal digits.</param>
public sealed record ThunderstoreSource(string Id, string Community, string Namespace, string Name, string Version, string Sha256) : ManifestSource(Id);

/// <summary>Files that the publisher uploaded (<c>source: legacy-blob</c>).</summary>
/// <param name="Id">The source's id.</param>
public sealed record UploadedSource(string Id) : ManifestSource(Id);

/// <summary>A kind of source that a newer publisher knows and this reader does not.</summary>
/// <param name="Id">The source's id.</param>
/// <param name="Kind">The value of its member <c>source</c>; 1 to 100 characters.</param>
public sealed record UnknownSource(string Id, string Kind) : ManifestSource(Id);
