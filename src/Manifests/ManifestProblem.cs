namespace PackRelay.Manifests;

/// <summary>One thing that is wrong with a document, in words for the person who wrote it.</summary>
/// <param name="Path">Where, such as <c>files[3].path</c>; empty for the document itself. Member names are cut after 100 characters.</param>
/// <param name="Message">What is wrong, with the limit that was passed; it reads on from the path: "must be an integer".</param>
public sealed record ManifestProblem(string Path, string Message)
{
    /// <summary>The path and the message as one sentence.</summary>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path} {Message}";
}
