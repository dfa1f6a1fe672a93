using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>Whether a version of a package works with a version of a game, as one player found.</summary>
/// <param name="PackageId">The package: lower-case, at most 255 characters.</param>
/// <param name="PackageVersion">Its version.</param>
/// <param name="GameId">The game, in whatever case.</param>
/// <param name="GameVersionId">Its version's number in the community repository, 0 to 4294967295.</param>
/// <param name="Success">Whether it works; true when it is absent.</param>
public sealed record CompatibilityReport(string PackageId, string PackageVersion, string GameId, uint GameVersionId, bool Success = true)
{
    internal ApiError? Check() => PackageRequests.CheckId(PackageId);
}

/// <summary>What was recorded.</summary>
/// <param name="Recorded">Reports; those of one batch that say the same thing of the same versions count once.</param>
public sealed record RecordedReports(int Recorded);
