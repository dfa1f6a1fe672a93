using System.Text.Json.Serialization;

namespace PackRelay.CatalogService.Reloaded.Downloads;

/// <summary>One file of a version, or of a delta, on one site. The members that identify it depend on <c>type</c>.</summary>
/// <param name="Type"><c>GameBanana</c>, <c>NexusMods</c> or <c>GitHub</c>.</param>
/// <param name="FileSize">Size in bytes, 0 to 9223372036854775807.</param>
/// <param name="Xxhash3">XXH3-64 of the file: a whole number of 64 bits without sign; a decimal text is taken too.</param>
/// <param name="IdRow">The file on GameBanana; absent elsewhere.</param>
/// <param name="Uid">The file on NexusMods, a whole number of 64 bits as decimal text; absent elsewhere.</param>
/// <param name="UserName">Whose repository on GitHub, 1 to 100 characters; absent elsewhere.</param>
/// <param name="RepositoryName">The repository on GitHub, 1 to 100 characters; absent elsewhere.</param>
/// <param name="AssetId">The file on GitHub; absent elsewhere.</param>
/// <param name="WasDeleted">Whether the site has it no more.</param>
public sealed record DownloadInfo(
    string Type,
    [property: JsonPropertyOrder(2)] long FileSize,
    [property: JsonPropertyOrder(3), JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] ulong Xxhash3,
    [property: JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? IdRow = null,
    [property: JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Uid = null,
    [property: JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UserName = null,
    [property: JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RepositoryName = null,
    [property: JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? AssetId = null,
    [property: JsonPropertyOrder(4)] bool WasDeleted = false)
{
    /// <summary>What tells it from other files: the site and the site's own number.</summary>
    internal (string Type, string Number) Key => (Type, Type switch
    {
        DownloadSites.GameBanana => $"{IdRow}",
        DownloadSites.NexusMods => Uid ?? "",
        _ => $"{UserName}/{RepositoryName}/{AssetId}",
    });
}

/// <summary>The files that turn one version into another.</summary>
/// <param name="FromVersion">The version that they start from.</param>
/// <param name="DownloadInfo">1 to 20 files.</param>
public sealed record DeltaUpdate(string FromVersion, IReadOnlyList<DownloadInfo> DownloadInfo);
