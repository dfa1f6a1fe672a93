using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>The format of one answer.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="IsCompressed">Whether it is then compressed with Zstandard; MessagePack only.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AnswerFormat(AnswerForm Form, bool IsCompressed)
{
    /// <summary>Sets the headers that an answer in this format has, with its length in bytes.</summary>
    public void WriteTo(HttpResponse response, long lengthBytes)
    {
        response.ContentType = Form == AnswerForm.Json ? "application/json; charset=utf-8" : AnswerFormats.MessagePackType;
        response.ContentLength = lengthBytes;
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (IsCompressed) response.Headers.ContentEncoding = AnswerFormats.Zstandard;
    }
}

/// <summary>Chooses the format of an answer by <c>?format=</c>, Accept and Accept-Encoding.</summary>
public sealed class AnswerFormats(IOptions<AnswerFormatOptions> options)
{
    /// <summary>Media type of JSON.</summary>
    public const string JsonType = "application/json";

    /// <summary>Media type of MessagePack, as it is answered.</summary>
    public const string MessagePackType = "application/msgpack";

    /// <summary>An older name of it, which is taken too.</summary>
    public const string OldMessagePackType = "application/x-msgpack";

    /// <summary>Of bodies: routing must not refuse any, the dialect's own answer does.</summary>
    public const string AnyType = "*/*";

    /// <summary>Name of the Zstandard coding.</summary>
    public const string Zstandard = "zstd";

    private const string Parameter = "format";

    /// <summary>False: <c>?format=</c> is neither <c>json</c> nor <c>msgpack</c>, and the format is that of the other headers.</summary>
    public bool TryChoose(HttpRequest request, out AnswerFormat format)
    {
        AnswerForm? asked = null;
        var isGood = true;
        if (request.Query.TryGetValue(Parameter, out var names))
        {
            asked = names is ["json"] ? AnswerForm.Json : names is ["msgpack"] ? AnswerForm.MessagePack : null;
            isGood = asked is not null;
        }

        var form = asked ?? Accepted(request.Headers.Accept) ?? options.Value.DefaultFormat;
        format = new AnswerFormat(form, form == AnswerForm.MessagePack && TakesZstandard(request.Headers.AcceptEncoding));
        return isGood;
    }

    /// <summary>Whether a media type is one of those that MessagePack goes by.</summary>
    public static bool IsMessagePack(StringSegment mediaType) =>
        mediaType.Equals(MessagePackType, StringComparison.OrdinalIgnoreCase) || mediaType.Equals(OldMessagePackType, StringComparison.OrdinalIgnoreCase)
        || mediaType.Equals("application/vnd.msgpack", StringComparison.OrdinalIgnoreCase);

    /// <summary>What Accept prefers; null when it prefers neither, and when it is not understood: then any answer is better than none.</summary>
    private static AnswerForm? Accepted(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var ranges)) return null;
        double? json = null, messagePack = null, any = null;
        foreach (var range in ranges)
        {
            var quality = range.Quality ?? 1;
            if (range.MediaType.Equals(JsonType, StringComparison.OrdinalIgnoreCase)) json = Math.Max(json ?? 0, quality);
            else if (IsMessagePack(range.MediaType)) messagePack = Math.Max(messagePack ?? 0, quality);
            else if (range.MatchesAllTypes || range.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)) any = Math.Max(any ?? 0, quality);
        }

        if (json is null && messagePack is null) return null;
        var (ofJson, ofMessagePack) = (json ?? any ?? 0, messagePack ?? any ?? 0);
        if (ofJson != ofMessagePack) return ofJson > ofMessagePack ? AnswerForm.Json : AnswerForm.MessagePack;
        if (ofJson > 0) return json is null ? AnswerForm.MessagePack : messagePack is null ? AnswerForm.Json : null; // what is named comes before what is merely taken
        return messagePack is null && any is null ? AnswerForm.MessagePack : null; // whoever refuses JSON and says no more gets the other; whoever refuses all, what there is
    }

    /// <summary>Yes without the header: the dialect's answers are compressed by default.</summary>
    private static bool TakesZstandard(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0) return true;
        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var codings)) return false;
        double? named = null, others = null;
        foreach (var coding in codings)
        {
            if (coding.Value.Equals(Zstandard, StringComparison.OrdinalIgnoreCase)) named = coding.Quality ?? 1;
            else if (coding.Value == "*") others = coding.Quality ?? 1;
        }

        return (named ?? others ?? 0) > 0;
    }
}
