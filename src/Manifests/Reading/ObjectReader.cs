using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PackRelay.Manifests.Json;

namespace PackRelay.Manifests.Reading;

/// <summary>
/// Takes typed members out of one object and reports what is wrong with them. After a report it returns a placeholder:
/// the caller goes on to find the other problems and throws the values away. Names are UTF-8 like the document, and strings for a path are made only for a report: a manifest has many thousand members.
/// </summary>
internal readonly struct ObjectReader(JsonElement element, string list, int index, ProblemList problems)
{
    /// <summary>For an object that is not an element of a list.</summary>
    public ObjectReader(JsonElement element, string path, ProblemList problems) : this(element, path, -1, problems) { }

    public bool TryGet(ReadOnlySpan<byte> member, out JsonElement value) => element.TryGetProperty(member, out value);

    public void Report(ReadOnlySpan<byte> member, string message) => problems.Add(PathOf(member), message);

    private string PathOf(ReadOnlySpan<byte> member)
    {
        var own = index < 0 ? list : $"{list}[{index}]";
        var dot = own.Length > 0 && member.Length > 0 ? "." : "";
        return own + dot + Encoding.UTF8.GetString(member);
    }

    /// <summary>The object itself, or a report that it is something else.</summary>
    public bool IsObject()
    {
        if (element.ValueKind == JsonValueKind.Object) return true;
        Report(""u8, "must be an object");
        return false;
    }

    public string Text(ReadOnlySpan<byte> member, int maxLength) => OptionalText(member, maxLength) ?? Missing(member, "");

    /// <summary>Null when the member is absent.</summary>
    public string? OptionalText(ReadOnlySpan<byte> member, int maxLength, int minLength = 1)
    {
        if (!element.TryGetProperty(member, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) return Refuse(member, "must be a string", "");
        var text = value.GetString()!;
        return text.Length >= minLength && text.Length <= maxLength ? text
            : Refuse(member, minLength == 0 ? $"must have at most {maxLength} characters" : $"must have {minLength} to {maxLength} characters", "");
    }

    public string Text(ReadOnlySpan<byte> member, Predicate<string> isValid, string rule) => OptionalText(member, isValid, rule) ?? Missing(member, "");

    /// <summary>Null when the member is absent.</summary>
    public string? OptionalText(ReadOnlySpan<byte> member, Predicate<string> isValid, string rule)
    {
        if (!element.TryGetProperty(member, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) return Refuse(member, "must be a string", "");
        var text = value.GetString()!;
        return isValid(text) ? text : Refuse(member, rule, "");
    }

    /// <summary>A number from 0 to 2^53-1. <paramref name="isRead"/> is false when it was reported, now or by the check of the whole document.</summary>
    public long Integer(ReadOnlySpan<byte> member, out bool isRead)
    {
        isRead = false;
        if (!element.TryGetProperty(member, out var value)) return Missing(member, 0L);
        if (value.ValueKind != JsonValueKind.Number) return Refuse(member, "must be a number", 0L);
        if (!CanonicalNumber.TryRead(JsonMarshal.GetRawUtf8Value(value), out var number)) return 0;
        if (number < 0) return Refuse(member, "must not be negative", 0L);
        isRead = true;
        return number;
    }

    /// <summary>False when the member is absent.</summary>
    public bool Flag(ReadOnlySpan<byte> member)
    {
        if (!element.TryGetProperty(member, out var value)) return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Refuse(member, "must be true or false", false);
    }

    /// <summary>The elements of a list; none and a report when it is absent (and required), no list or too long.</summary>
    public JsonElement.ArrayEnumerator Items(ReadOnlySpan<byte> member, int max, bool required = false)
    {
        if (!element.TryGetProperty(member, out var value)) return required ? Missing(member, default(JsonElement.ArrayEnumerator)) : default;
        if (value.ValueKind != JsonValueKind.Array) return Refuse(member, "must be a list", default(JsonElement.ArrayEnumerator));
        return value.GetArrayLength() <= max ? value.EnumerateArray() : Refuse(member, $"must have at most {max} entries", default(JsonElement.ArrayEnumerator));
    }

    /// <summary>A list of short texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(ReadOnlySpan<byte> member, int max, int maxLength)
    {
        var texts = new List<string>();
        var place = 0;
        foreach (var item in Items(member, max))
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text && text.Length <= maxLength) texts.Add(text);
            else problems.Add($"{PathOf(member)}[{place}]", $"must be a string of 1 to {maxLength} characters");
            place++;
        }
        return texts;
    }

    private T Missing<T>(ReadOnlySpan<byte> member, T placeholder) => Refuse(member, "is missing", placeholder);

    private T Refuse<T>(ReadOnlySpan<byte> member, string message, T placeholder)
    {
        Report(member, message);
        return placeholder;
    }
}
