using PackRelay.CatalogService.Versions;

namespace PackRelay.CatalogService.Frameworks;

/// <summary>One version of a mod framework; it never changes.</summary>
/// <param name="Id">The framework, as manifests name it in <c>framework.id</c>.</param>
/// <param name="Version">The version, as manifests name it in <c>framework.version</c>.</param>
/// <param name="Files">Its files, sorted by path, ordinally.</param>
public sealed record Framework(string Id, string Version, IReadOnlyList<FileEntry> Files);
