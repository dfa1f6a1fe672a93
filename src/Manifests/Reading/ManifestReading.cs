using System.Diagnostics.CodeAnalysis;
using PackRelay.Manifests.Model;

namespace PackRelay.Manifests.Reading;

/// <summary>How reading a manifest ended.</summary>
public enum ManifestReadOutcome
{
    /// <summary>It is a manifest. Whether its signature is right is another question.</summary>
    Valid,

    /// <summary>The document has more bytes than allowed; it was not looked at.</summary>
    TooLarge,

    /// <summary>The document is not JSON that all readers understand alike: broken, not UTF-8, a byte order mark, trailing content, too deep, a member twice, half of a surrogate pair.</summary>
    InvalidJson,

    /// <summary>It is JSON, but not a manifest.</summary>
    InvalidShape,
}

/// <summary>The result of <see cref="ManifestReader.Read"/>.</summary>
public sealed class ManifestReading
{
    internal ManifestReading(Manifest manifest) => (Outcome, Manifest, Problems) = (ManifestReadOutcome.Valid, manifest, []);

    internal ManifestReading(ManifestReadOutcome outcome, params IReadOnlyList<ManifestProblem> problems) => (Outcome, Problems) = (outcome, problems);

    /// <summary>How it ended.</summary>
    public ManifestReadOutcome Outcome { get; }

    /// <summary>The manifest; null unless <see cref="Outcome"/> is <see cref="ManifestReadOutcome.Valid"/>.</summary>
    public Manifest? Manifest { get; }

    /// <summary>All that is wrong, at most 100 entries; for a document that is too large or not JSON exactly one.</summary>
    public IReadOnlyList<ManifestProblem> Problems { get; }

    /// <summary>Whether there is a manifest.</summary>
    [MemberNotNullWhen(true, nameof(Manifest))]
    public bool IsValid => Manifest is not null;
}
