using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PackRelay.Manifests.Json;

/// <summary>
/// The one spelling of a JSON document that is signed: members sorted by the UTF-16 code units of their names at every level, no white space,
/// strings escaped as JSON.stringify escapes them, integers from -(2^53-1) to 2^53-1 in plain decimal. Everything else has no canonical form and is refused.
/// </summary>
/// <remarks>Thread-safe. Apart from the output it works on pooled memory.</remarks>
public static class CanonicalJson
{
    /// <summary>Writes the canonical form of a document. On failure nothing is written.</summary>
    /// <param name="utf8Json">Any JSON document in UTF-8, in whatever order and spacing; at most 64 levels deep, with at most 1,000 members in an object.</param>
    /// <param name="output">Receives the canonical bytes in one piece.</param>
    /// <param name="problem">The first reason why there is no canonical form: not JSON, a byte order mark, trailing content, a member that appears twice, half of a surrogate pair, a number that is no safe integer.</param>
    /// <param name="omit">A member of the root object to leave out, such as <c>signature</c>; it is checked all the same.</param>
    public static bool TryWrite(ReadOnlyMemory<byte> utf8Json, IBufferWriter<byte> output, [NotNullWhen(false)] out ManifestProblem? problem, string? omit = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!StrictJson.TryParse(utf8Json, out var document, out problem)) return false;
        using (document)
        {
            using var writer = new CanonicalWriter(utf8Json);
            writer.Write(document.RootElement, omit is null ? [] : Encoding.UTF8.GetBytes(omit));
            problem = writer.Fatal ?? (writer.Problems.Count > 0 ? writer.Problems[0] : null);
            if (problem is not null) return false;
            output.Write(writer.Written);
            return true;
        }
    }
}
