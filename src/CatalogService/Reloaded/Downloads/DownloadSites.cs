using System.Globalization;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>The sites that packages are downloaded from, and what identifies a file on each.</summary>
internal static class DownloadSites
{
    public const string GameBanana = "GameBanana";

    public const string NexusMods = "NexusMods";

    public const string GitHub = "GitHub";

    private const int MaxFiles = 20;

    private const int MaxDeltas = 100;

    private const int MaxNameLength = 100;

    /// <summary>1 to 20 different files, each with what its site needs.</summary>
    public static ApiError? Check(string field, IReadOnlyList<DownloadInfo> files)
    {
        if (files.Count is 0 or > MaxFiles) return ApiError.Invalid(field, $"1 to {MaxFiles} files");
        for (var i = 0; i < files.Count; i++)
            if (Problem(files[i]) is { } rule) return ApiError.Invalid(field, $"the file at {i} {rule}");
        return Fields.Check(field, files.Select(file => file.Key).Distinct().Count() == files.Count, "each file once");
    }

    /// <summary>At most 100, each from another version.</summary>
    public static ApiError? Check(string field, IReadOnlyList<DeltaUpdate> deltas)
    {
        if (deltas.Count > MaxDeltas) return ApiError.Invalid(field, $"at most {MaxDeltas}");
        foreach (var delta in deltas)
        {
            if (delta is null) return ApiError.Invalid(field, "each an object, not null");
            if (!PackageVersion.TryParse(delta.FromVersion, out _)) return ApiError.Invalid(field, $"fromVersion must be {PackageVersion.Rule}");
            if (Check(field, delta.DownloadInfo) is { } error) return error;
        }

        return Fields.Check(field, deltas.Select(delta => delta.FromVersion).Distinct(StringComparer.Ordinal).Count() == deltas.Count, "each fromVersion once");
    }

    /// <summary>How many deltas a version may come to have, with all their files.</summary>
    public static ApiError? CheckTotal(IReadOnlyList<DeltaUpdate> deltas) => Fields.Check(
        "deltaUpdates", deltas.Count <= MaxDeltas && deltas.All(delta => delta.DownloadInfo.Count <= 2 * MaxFiles), $"at most {MaxDeltas}, each with at most {2 * MaxFiles} files over all the version's life");

    public static ApiError? Check(UpdateSourceData source) => Fields.Check(
        "updateSourceData",
        (source.GameBanana is null || IsName(source.GameBanana.ItemType)) && (source.GitHub is null || (IsName(source.GitHub.UserName) && IsName(source.GitHub.RepositoryName))),
        $"names of 1 to {MaxNameLength} characters");

    private static string? Problem(DownloadInfo? file) => file switch
    {
        null => "must be an object",
        { FileSize: < 0 } => "must have a fileSize of 0 or more",
        { Type: GameBanana } => file is { IdRow: not null, Uid: null, UserName: null, RepositoryName: null, AssetId: null } ? null : "is on GameBanana and must have idRow, and no other site's members",
        { Type: NexusMods } => file is { IdRow: null, UserName: null, RepositoryName: null, AssetId: null } && IsUid(file.Uid) ? null : "is on NexusMods and must have uid, the decimal text of a whole number of 64 bits, and no other site's members",
        { Type: GitHub } => file is { IdRow: null, Uid: null, AssetId: not null } && IsName(file.UserName) && IsName(file.RepositoryName)
            ? null
            : $"is on GitHub and must have userName and repositoryName of 1 to {MaxNameLength} characters and assetId, and no other site's members",
        _ => "must have the type GameBanana, NexusMods or GitHub",
    };

    private static bool IsName(string? name) => name is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl);

    private static bool IsUid(string? uid) =>
        ulong.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == uid;
}
