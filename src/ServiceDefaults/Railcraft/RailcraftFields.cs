using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Railcraft;

/// <summary>
/// The parameters of a request of the Railcraft Pack dialect, from wherever its clients put them: a form, urlencoded or multipart, a JSON object, or the query string, which the body wins over. A body
/// that cannot be read has no parameters, and the answer names the first that is missing. Handlers take it as a parameter.
/// </summary>
public sealed class RailcraftFields
{
    private const int LimitBytes = 64 * 1024; // no parameter is long; gateway and services refuse more

    private static readonly JsonDocumentOptions JsonRules = new() { MaxDepth = 8 };

    private readonly Dictionary<string, StringValues> values;

    private RailcraftFields(Dictionary<string, StringValues> values) => this.values = values;

    /// <summary>A text, without U+0000, which no database holds; null when it is absent or empty. Of several the last counts, as it does in PHP.</summary>
    public string? Text(string name) => values.TryGetValue(name, out var found) && found is [.., { } last] && Clean(last) is { Length: > 0 } text ? text : null;

    /// <summary>A whole number; null when it is absent or is none.</summary>
    public long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// A list in any of the forms in which clients write one: <c>name[]=a</c>, <c>name[0]=a</c>, <c>name</c> several times, a JSON array, or names between commas. Only in the forms with brackets, and in JSON,
    /// may an item have a comma of its own.
    /// </summary>
    public IReadOnlyList<string> List(string name)
    {
        var items = new List<string>();
        foreach (var (key, found) in values)
        {
            if (key == name)
                foreach (var text in found) items.AddRange(Items(text ?? ""));
            else if (key.Length > name.Length && key[name.Length] == '[' && key[^1] == ']' && key.StartsWith(name, StringComparison.Ordinal))
                items.AddRange(found.OfType<string>());
        }

        return [.. items.Select(Clean).Where(item => item.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Binds a handler's parameter of this type to the request's fields.</summary>
    public static async ValueTask<RailcraftFields?> BindAsync(HttpContext context)
    {
        var fields = new Dictionary<string, StringValues>(context.Request.Query, StringComparer.Ordinal);
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new(fields);
        var bytes = await RequestBytes.ReadAsync(request, LimitBytes, context.RequestAborted)
            ?? throw new BadHttpRequestException("The body is too long.", StatusCodes.Status413PayloadTooLarge);
        foreach (var (name, found) in request.HasJsonBody() ? ReadJson(bytes) : await ReadFormAsync(request, bytes, context.RequestAborted)) fields[name] = found;
        return new(fields);
    }

    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static IEnumerable<string> Items(string text)
    {
        if (text.StartsWith('[') && ReadJson(System.Text.Encoding.UTF8.GetBytes($$"""{"items":{{text}}}""")) is [{ Value: var array }]) return array.OfType<string>();
        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<IEnumerable<KeyValuePair<string, StringValues>>> ReadFormAsync(HttpRequest request, byte[] bytes, CancellationToken stop)
    {
        if (!request.HasFormContentType || await RequestBytes.ReadFormAsync(request, bytes, stop) is not { } form) return [];
        return form;
    }

    /// <summary>A list becomes several values under <c>name[]</c>; what is no text, number, truth or list of them is absent.</summary>
    private static List<KeyValuePair<string, StringValues>> ReadJson(byte[] bytes)
    {
        var read = new List<KeyValuePair<string, StringValues>>();
        try
        {
            using var document = JsonDocument.Parse(bytes, JsonRules);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return [];
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (Scalar(member.Value) is { } text) read.Add(new(member.Name, text));
                else if (member.Value.ValueKind == JsonValueKind.Array) read.Add(new(member.Name + "[]", member.Value.EnumerateArray().Select(Scalar).OfType<string>().ToArray()));
                else if (member.Value.ValueKind == JsonValueKind.Object) read.Add(new(member.Name + "[]", member.Value.EnumerateObject().Select(item => Scalar(item.Value)).OfType<string>().ToArray()));
            }

            return read;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            return [];
        }
    }

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
