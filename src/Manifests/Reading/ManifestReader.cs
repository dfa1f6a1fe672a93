using PackRelay.Manifests.Json;

namespace PackRelay.Manifests.Reading;

/// <summary>Reads and validates manifests of schema version 1, 2 and 3. No input makes it throw.</summary>
/// <remarks>
/// Members that this version does not know are accepted everywhere but in <c>signature</c>: they are covered by the signature and newer clients may need them.
/// Members of a later schema version (<c>sources</c> in 1, <c>framework</c> and <c>requires</c> before 3) count as unknown. A member that is null is not an absent one.
/// </remarks>
public static class ManifestReader
{
    /// <summary>Reads one document.</summary>
    /// <param name="utf8">The document exactly as it was sent.</param>
    /// <param name="limits">The hub's limits.</param>
    public static ManifestReading Read(ReadOnlyMemory<byte> utf8, ManifestLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (utf8.Length > limits.MaxManifestBytes)
            return new ManifestReading(ManifestReadOutcome.TooLarge, new ManifestProblem("", $"must have at most {limits.MaxManifestBytes} bytes"));
        if (!StrictJson.TryParse(utf8, out var document, out var problem)) return new ManifestReading(ManifestReadOutcome.InvalidJson, problem);
        using (document)
        {
            var problems = new ProblemList();
            using (var canonical = new CanonicalWriter(utf8, refuseNul: true))
            {
                // Before any text is taken out: what has no canonical form could never be signed, and some of it cannot even be made a string.
                canonical.Write(document.RootElement);
                if (canonical.Fatal is not null) return new ManifestReading(ManifestReadOutcome.InvalidJson, canonical.Fatal);
                problems.AddRange(canonical.Problems);
            }
            var manifest = ManifestShape.Read(document.RootElement, limits, problems);
            return manifest is null ? new ManifestReading(ManifestReadOutcome.InvalidShape, problems.Items) : new ManifestReading(manifest);
        }
    }
}
