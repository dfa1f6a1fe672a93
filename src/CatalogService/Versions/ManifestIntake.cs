using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Games;
using PackRelay.Manifests;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Reading;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Versions;

/// <summary>What can be said of a submitted manifest without asking the database.</summary>
internal sealed class ManifestIntake(IOptions<ManifestOptions> options, GameRules games)
{
    public ManifestLimits Limits { get; } = new() { MaxFiles = options.Value.MaxFiles, MaxManifestBytes = options.Value.MaxManifestBytes, Games = games.All };

    /// <summary>The manifest; else 413, 400 <c>invalid_json</c>, <c>manifest_shape</c> or <c>slug_mismatch</c>.</summary>
    public Lookup<Manifest> Read(byte[] body, PackFacts pack)
    {
        var reading = ManifestReader.Read(body, Limits);
        if (!reading.IsValid) return Refusal(reading);
        var manifest = reading.Manifest;
        if (manifest.Name != pack.Slug)
            return ApiError.BadRequest(VersionErrors.SlugMismatch, $"name: the manifest is for '{manifest.Name}', the route for '{pack.Slug}'");
        return manifest.Game == pack.Game ? manifest : Shape([new ErrorDetail("game", $"must be the pack's game, {pack.Game}")]);
    }

    private ApiError Refusal(ManifestReading reading) => reading.Outcome switch
    {
        ManifestReadOutcome.TooLarge => ApiError.TooLarge(Limits.MaxManifestBytes),
        ManifestReadOutcome.InvalidJson => new ApiError(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, Sentence("the body", reading.Problems[0])) { Details = Details(reading) },
        _ => Shape(Details(reading)),
    };

    private static ApiError Shape(List<ErrorDetail> details) =>
        new(StatusCodes.Status400BadRequest, VersionErrors.ManifestShape, Sentence("the manifest", new ManifestProblem(details[0].Path, details[0].Message))) { Details = details };

    private static string Sentence(string document, ManifestProblem problem) => problem.Path.Length == 0 ? $"{document} {problem}" : $"{document} is not valid: {problem}";

    private static List<ErrorDetail> Details(ManifestReading reading) => [.. reading.Problems.Select(problem => new ErrorDetail(problem.Path, problem.Message))];
}
