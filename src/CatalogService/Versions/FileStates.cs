using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Scanning;
using PackRelay.Manifests.Model;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>How a manifest's files stand.</summary>
/// <param name="Refusal">Why the version cannot be published; null when nothing stands in the way.</param>
/// <param name="IsUndecided">Whether some have not been scanned yet.</param>
/// <param name="Generation">Which collections of unused files had been done.</param>
internal sealed record FilesState(ApiError? Refusal, bool IsUndecided, long Generation);

/// <summary>What is to be said of a manifest's files: that some are missing (422 <c>missing_files</c>), refused (422 <c>scan_rejected</c>) or not scanned yet.</summary>
internal sealed class FileStates(PathRules paths, IOptions<ScanOptions> scans)
{
    private const int MaxDetails = 100;

    // Only what stands in the way: of most versions nothing comes back.
    private const string Sql = """
        SELECT encode(wanted.sha256, 'hex'), f.sha256 IS NULL, COALESCE(f.scan_rules < $3, false), f.scan_problem
          FROM unnest($1, $2) AS wanted (sha256, size_bytes) LEFT JOIN files f ON f.sha256 = wanted.sha256 AND f.size_bytes = wanted.size_bytes
         WHERE f.sha256 IS NULL OR f.scan_rules < $3 OR f.scan_problem IS NOT NULL
        """;

    public NpgsqlBatchCommand Command(Manifest manifest)
    {
        var wanted = manifest.Files.Select(file => (file.Sha256, file.SizeBytes)).Distinct().ToArray();
        return new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new() { Value = Array.ConvertAll(wanted, file => Convert.FromHexString(file.Sha256)) },
                new() { Value = Array.ConvertAll(wanted, file => file.SizeBytes) },
                new() { Value = scans.Value.Rules },
            },
        };
    }

    /// <summary>Reads what the command gave.</summary>
    public async Task<FilesState> ReadAsync(NpgsqlDataReader row, Manifest manifest, long generation, CancellationToken stop)
    {
        var files = new List<FileState>();
        while (await row.ReadAsync(stop)) files.Add(new FileState(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetNullable<string>(3)));
        var missing = files.Where(file => file.IsMissing).Select(file => file.Sha256).ToList();
        if (missing.Count > 0) return new FilesState(VersionErrors.Missing(missing), IsUndecided: false, generation);
        var problems = paths.Check(manifest, MaxDetails);
        var refused = files.Where(file => file is { IsWaiting: false, Problem: not null }).ToDictionary(file => file.Sha256, file => file.Problem!, StringComparer.Ordinal);
        for (var index = 0; index < manifest.Files.Count && refused.Count > 0 && problems.Count < MaxDetails; index++)
        {
            var file = manifest.Files[index];
            if (refused.TryGetValue(file.Sha256, out var problem)) problems.Add(new ErrorDetail($"files[{index}]", $"{problem} ({file.Path})"));
        }

        return new FilesState(problems.Count > 0 ? VersionErrors.Rejected(problems) : null, files.Exists(file => file.IsWaiting), generation);
    }

    private sealed record FileState(string Sha256, bool IsMissing, bool IsWaiting, string? Problem);
}
