using System.Net;
using System.Text.Json;
using PackRelay.ServiceDefaults.Reloaded;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.Testing.Documents;

/// <summary>What the API document promises, and whether an exchange keeps it: path and method, status, content type, and every member of the body.</summary>
public sealed class ApiContract
{
    private readonly JsonElement document;

    private readonly List<ApiOperation> operations = [];

    private ApiContract(JsonElement document)
    {
        this.document = document;
        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject()) JsonSchema.Know(schema.Value);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject()) operations.Add(new ApiOperation(path.Name, operation.Name.ToUpperInvariant(), operation.Value));
        }
    }

    /// <summary>Every operation of the document.</summary>
    public IReadOnlyList<ApiOperation> Operations => operations;

    /// <summary>Reads the text of a document.</summary>
    public static ApiContract Parse(string json)
    {
        using var text = JsonDocument.Parse(json);
        return new ApiContract(text.RootElement.Clone());
    }

    /// <summary>The operation that answers a request; null when none does. The path is as it was sent, undecoded.</summary>
    public ApiOperation? Find(string method, string path) => operations
        .Where(operation => operation.Method == (method == "HEAD" ? "GET" : method) && operation.Takes(path))
        .MaxBy(operation => operation.Literals);

    /// <summary>Whether a path is in the document, with any method.</summary>
    public bool HasPath(string path) => operations.Exists(operation => operation.Takes(path));

    /// <summary>What a JSON request body breaks of its operation's schema. A member more is not a problem: services ignore it.</summary>
    public IReadOnlyList<string> RequestProblems(ApiOperation operation, byte[] body)
    {
        if (!operation.Content.TryGetProperty("requestBody", out var wanted)) return []; // what is sent where nothing is read does no harm
        return Schema(wanted, "application/json") is { } schema ? Judge(schema, body, isClosed: false) : [];
    }

    /// <summary>What an answer breaks of what the document promises.</summary>
    public IReadOnlyList<string> AnswerProblems(HttpRequestMessage request, HttpResponseMessage answer, byte[] body)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (answer.StatusCode == HttpStatusCode.BadRequest && body.Length == 0) return []; // not HTTP, says the server underneath
        if (Find(request.Method.Method, path) is not { } operation) return NoOperationProblems(path, answer, body);

        var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!operation.Content.GetProperty("responses").TryGetProperty(status, out var promised)) return [$"the status {status} is not documented"];
        if (promised.TryGetProperty("$ref", out var reference)) promised = document.GetProperty("components").GetProperty("responses").GetProperty(reference.GetString()!.Split('/')[^1]);
        var problems = answer.IsSuccessStatusCode ? QueryProblems(operation, request.RequestUri) : [];
        return request.Method == HttpMethod.Head ? problems : [.. problems, .. BodyProblems(promised, answer, body)];
    }

    /// <summary>A path that is not documented must not be answered; a documented one only with the methods that are.</summary>
    private IReadOnlyList<string> NoOperationProblems(string path, HttpResponseMessage answer, byte[] body)
    {
        var isKnown = HasPath(path);
        if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest or HttpStatusCode.TooManyRequests))
            return [isKnown ? "the method is not documented" : "the path is not documented"];
        if (body.Length == 0) return [];
        if (ReloadedRoutes.Contains(path) && answer.Content.Headers.ContentType?.MediaType == AnswerFormats.MessagePackType) return []; // it says the same as in JSON
        var components = document.GetProperty("components");
        return SolderRoutes.Contains(path)
            ? Judge(Schema(components.GetProperty("responses").GetProperty("SolderError"), "application/json")!.Value, body, isClosed: true)
            : Judge(components.GetProperty("schemas").GetProperty("Error"), body, isClosed: true);
    }

    private IReadOnlyList<string> BodyProblems(JsonElement promised, HttpResponseMessage answer, byte[] body)
    {
        if (!promised.TryGetProperty("content", out var content)) return body.Length == 0 ? [] : ["a body, where none is documented"];
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (type is null || !content.TryGetProperty(type, out _)) return [$"the content type {type ?? "(none)"} is not documented"];
        var isJson = type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal);
        return isJson && Schema(promised, type) is { } schema ? Judge(schema, body, isClosed: true) : [];
    }

    private static IReadOnlyList<string> QueryProblems(ApiOperation operation, Uri address)
    {
        var known = operation.Content.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];
        return [.. address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => Uri.UnescapeDataString(pair.Split('=')[0])).Where(name => !known.Contains(name)).Select(name => $"the query parameter '{name}' is not documented")];
    }

    private IReadOnlyList<string> Judge(JsonElement schema, byte[] body, bool isClosed)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return new JsonSchema(document, isClosed).Problems(schema, json.RootElement);
        }
        catch (JsonException error)
        {
            return [$"the body is not JSON: {error.Message}"];
        }
    }

    private static JsonElement? Schema(JsonElement holder, string type) =>
        holder.GetProperty("content").TryGetProperty(type, out var content) && content.TryGetProperty("schema", out var schema) ? schema : null;
}

/// <summary>One operation of the document.</summary>
/// <param name="Path">Its path, with parameters in braces.</param>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Content">What the document says of it.</param>
public sealed record ApiOperation(string Path, string Method, JsonElement Content)
{
    private readonly string[] segments = Path.Split('/');

    /// <summary>Its endpoint's name.</summary>
    public string Id => Content.GetProperty("operationId").GetString()!;

    /// <summary>How many segments of its path are fixed: of two operations that take a path the one with more is meant.</summary>
    public int Literals => segments.Count(segment => !segment.StartsWith('{'));

    /// <summary>Whether a path as it was sent leads here.</summary>
    public bool Takes(string path)
    {
        var sent = path.TrimEnd('/').Split('/');
        return sent.Length == segments.Length
            && segments.Zip(sent).All(pair => pair.First.StartsWith('{') ? pair.Second.Length > 0 : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }
}
