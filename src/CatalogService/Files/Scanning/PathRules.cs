using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using PackRelay.Manifests.Model;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>Which kinds of files a manifest may list, judged by their names.</summary>
internal sealed class PathRules(IOptions<ScanOptions> options)
{
    private readonly FrozenSet<string> prohibited = options.Value.ProhibitedExtensions
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(extension => extension.TrimStart('.'))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>One detail for each prohibited path; at most <paramref name="max"/>.</summary>
    public List<ErrorDetail> Check(Manifest manifest, int max)
    {
        var problems = new List<ErrorDetail>();
        for (var index = 0; index < manifest.Files.Count && problems.Count < max; index++)
        {
            var path = manifest.Files[index].Path;
            var extension = Path.GetExtension(path).TrimStart('.');
            if (prohibited.Contains(extension)) problems.Add(new ErrorDetail($"files[{index}].path", $"files of the type .{extension} are not allowed in packs ({path})"));
        }

        return problems;
    }
}
