using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace PackRelay.Manifests.Json;

/// <summary>
/// Parses RFC 8259 JSON and nothing more lenient: strict UTF-8, no byte order mark, comment, trailing comma or trailing content, nesting of at most 64.
/// What a parser alone does not see (duplicate members, halves of surrogate pairs) is found by <see cref="CanonicalWriter"/>.
/// </summary>
internal static class StrictJson
{
    /// <summary>No real manifest nests deeper than five; the bound keeps recursion off the edge of the stack.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out ManifestProblem? problem)
    {
        document = null;
        problem = EncodingProblem(utf8.Span);
        if (problem is not null) return false;
        try
        {
            document = JsonDocument.Parse(utf8, Options);
            return true;
        }
        catch (JsonException error)
        {
            problem = new ManifestProblem("", $"is not JSON of at most {MaxDepth} levels (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})");
            return false;
        }
    }

    private static ManifestProblem? EncodingProblem(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? new ManifestProblem("", "must not begin with a byte order mark")
        : !Utf8.IsValid(utf8) ? new ManifestProblem("", "must be UTF-8 text")
        : null;
}
