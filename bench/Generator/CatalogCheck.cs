using System.Net;
using System.Text.Json;
using PackRelay.Manifests.Reading;
using PackRelay.Manifests.Signing;

namespace PackRelay.Generator;

/// <summary>Fetches random versions through the API as a launcher would, and believes none of it: shape, signature and withdrawal are checked with the manifests library.</summary>
internal sealed class CatalogCheck(HttpClient gateway, GeneratedCatalog catalog)
{
    private static readonly ManifestLimits Limits = new() { Games = new HashSet<string>(["7d2d", "valheim", "palworld", "minecraft"], StringComparer.Ordinal) };

    /// <summary>What is wrong; empty when all is well.</summary>
    public async Task<List<string>> RunAsync(int sample, CancellationToken stop)
    {
        var problems = new List<string>();
        var random = new Random();
        for (var i = 0; i < sample; i++)
        {
            var pack = catalog.Pack(random.Next(catalog.PackCount));
            var version = pack.Versions[random.Next(pack.Versions.Count)];
            if (await ProblemAsync(pack, version, stop) is { } problem) problems.Add($"{pack.Slug} {version.Version}: {problem}");
        }

        return problems;
    }

    private async Task<string?> ProblemAsync(GeneratedPack pack, GeneratedVersion version, CancellationToken stop)
    {
        using var answer = await gateway.GetAsync(new Uri($"/api/v1/packs/{pack.Slug}/manifest/{version.Version}", UriKind.Relative), stop);
        if (version.IsWithdrawn) return answer.StatusCode == HttpStatusCode.Gone ? null : $"is withdrawn, but the answer was {answer.StatusCode}";
        if (answer.StatusCode != HttpStatusCode.OK) return $"{answer.StatusCode}";
        var body = await answer.Content.ReadAsByteArrayAsync(stop);
        var reading = ManifestReader.Read(body, Limits);
        if (!reading.IsValid) return $"{reading.Problems[0]}";
        if (reading.Manifest.Name != pack.Slug || reading.Manifest.Version != version.Version) return "is another manifest";

        var keyId = reading.Manifest.Signature.PublicKeyId.ToString();
        await using var key = await gateway.GetStreamAsync(new Uri($"/api/v1/keys/{Uri.EscapeDataString(keyId)}", UriKind.Relative), stop);
        using var json = await JsonDocument.ParseAsync(key, cancellationToken: stop);
        var verification = ManifestVerifier.Verify(body, json.RootElement.GetProperty("publicKey").GetBytesFromBase64());
        return verification == ManifestVerification.Valid ? null : $"{verification}";
    }
}
