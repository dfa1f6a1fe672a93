namespace PackRelay.Manifests.Model;

/// <summary>One file of a pack.</summary>
/// <param name="Path">Relative, with forward slashes; see <see cref="Rules.ManifestPaths"/>.</param>
/// <param name="Sha256">Hash of the content: 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Size of the content in bytes, 0 to 2^53-1.</param>
public sealed record ManifestFile(string Path, string Sha256, long SizeBytes)
{
    /// <summary>Whether it is to be marked executable where that exists.</summary>
    public bool Executable { get; init; }

    /// <summary>Id of the entry of <see cref="Manifest.Sources"/> it came from; null: hosted by the hub.</summary>
    public string? SourceRef { get; init; }

    /// <summary>Who installs it.</summary>
    public ManifestSide Side { get; init; } = ManifestSide.Both;

    /// <summary>Whether players may leave it out.</summary>
    public bool Optional { get; init; }

    /// <summary>Name under which optional files are chosen together, 1 to 100 characters; null for none.</summary>
    public string? Group { get; init; }
}

/// <summary>Which side of the game installs a file.</summary>
public enum ManifestSide
{
    /// <summary>Clients and servers; what a file without the member means.</summary>
    Both,

    /// <summary>Players only.</summary>
    Client,

    /// <summary>Game servers only.</summary>
    Server,
}
