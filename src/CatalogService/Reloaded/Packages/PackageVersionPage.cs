using System.Text.Json.Serialization;
using PackRelay.CatalogService.Reloaded.Downloads;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>A version as its publisher sees it.</summary>
/// <param name="PackageId">The package.</param>
/// <param name="PackageIdHash">XXH3-64 of its id: 16 lower-case hex digits, most significant first.</param>
/// <param name="Version">The version.</param>
/// <param name="OnHold">Whether it is on hold: it is not on the trusted site yet, and nobody but its owner sees it.</param>
/// <param name="OnHoldSince">Since when, UTC; absent when it is not.</param>
/// <param name="OnHoldTooLong">Whether that is more than 24 hours: the version should be published on the trusted site, or that site's page should allow the other one.</param>
/// <param name="TrustedSite">The site that the package was first on.</param>
/// <param name="UpdateSourceData">Where the package is published.</param>
/// <param name="DownloadInfo">Its files, also those that a site has no more.</param>
/// <param name="DeltaUpdates">What turns earlier versions into this one.</param>
public sealed record PackageVersionPage(
    string PackageId, string PackageIdHash, string Version, bool OnHold, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? OnHoldSince, bool OnHoldTooLong,
    string TrustedSite, UpdateSourceData UpdateSourceData, IReadOnlyList<DownloadInfo> DownloadInfo, IReadOnlyList<DeltaUpdate> DeltaUpdates);
