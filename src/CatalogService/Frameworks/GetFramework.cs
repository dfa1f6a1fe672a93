using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Frameworks;

/// <summary><c>GET /api/v1/frameworks/{id}/{version}</c> → <see cref="Framework"/>, which never changes.</summary>
internal static class GetFramework
{
    public static void Map(RouteGroupBuilder frameworks) => frameworks.MapRead("/{id}/{version}", HandleAsync).WithName(nameof(GetFramework)).Produces<Framework>();

    private static async Task<Results<FileContentHttpResult, ApiError>> HandleAsync(
        string id, string version, FrameworkQueries frameworks, HttpResponse response, CancellationToken stop)
    {
        var files = FrameworkName.IsId(id) && FrameworkName.IsVersion(version) ? await frameworks.FilesAsync(id, version, stop) : [];
        if (files.Count == 0) return FrameworkErrors.NotFound(id, version);
        var answer = JsonSerializer.SerializeToUtf8Bytes(new Framework(id, version, files), ApiJson.Options);
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(answer))}\"");
        return TypedResults.Bytes(answer, "application/json", entityTag: tag);
    }
}
