namespace PackRelay.CatalogService.Reloaded.Compatibility;

/// <summary>The four answers to names that the hub does not know; the dialect fixes their bodies, to the letter.</summary>
internal static class UnknownName
{
    public static readonly ReloadedError Game = new(StatusCodes.Status404NotFound, "Unrecognized gameId");

    public static readonly ReloadedError GameVersion = new(StatusCodes.Status404NotFound, "Unrecognized gameVersionId");

    public static readonly ReloadedError Package = new(StatusCodes.Status404NotFound, "Unrecognized packageId");

    public static readonly ReloadedError PackageVersion = new(StatusCodes.Status404NotFound, "Unrecognized packageVersion");

    /// <summary>The first that is not known, in the dialect's order; null when all are.</summary>
    public static ReloadedError? First(bool hasGame, bool hasGameVersion, bool hasPackage, bool hasPackageVersion) => (hasGame, hasGameVersion, hasPackage, hasPackageVersion) switch
    {
        (false, _, _, _) => Game,
        (_, false, _, _) => GameVersion,
        (_, _, false, _) => Package,
        (_, _, _, false) => PackageVersion,
        _ => null,
    };
}
