using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>Completes the operations of a document with what the endpoints' metadata and the handlers' documentation say.</summary>
internal sealed partial class ApiOperations(JsonObject document)
{
    /// <summary>Describes every endpoint; those that the gateway never forwards to are dropped. HEAD is documented as a whole: it works wherever GET does.</summary>
    public void Describe(EndpointDataSource source)
    {
        var paths = document["paths"]!.AsObject();
        foreach (var path in paths.Select(path => path.Key).Where(path => path.StartsWith("/internal/", StringComparison.Ordinal)).ToArray()) paths.Remove(path);
        foreach (var path in paths) path.Value!.AsObject().Remove("head");
        foreach (var endpoint in source.Endpoints.OfType<RouteEndpoint>())
        {
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            {
                if (paths[PathOf(endpoint.RoutePattern)]?[method.ToLowerInvariant()] is JsonObject operation) new Operation(operation, endpoint, method).Describe();
            }
        }
    }

    /// <summary>A route pattern as paths are written in the document: without constraints.</summary>
    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            _ => "",
        }))));

    private sealed partial class Operation(JsonObject operation, RouteEndpoint endpoint, string method)
    {
        private readonly MethodInfo? handler = endpoint.Metadata.GetMetadata<MethodInfo>();

        private readonly SortedDictionary<int, SortedSet<string>> codes = [];

        private JsonObject Responses => operation["responses"]!.AsObject();

        public void Describe()
        {
            var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
                ?? throw new InvalidOperationException($"{method} {endpoint.RoutePattern.RawText} has no name; give it one with WithName.");
            var type = OperationType();
            operation.Remove("tags");
            operation["operationId"] = name;
            operation["summary"] = Words().Replace(name, " ") is var words ? words[..1] + words[1..].ToLowerInvariant() : name;
            var description = (handler is null ? null : DocumentationText.Of(handler)) ?? (type is null ? null : DocumentationText.Of(type));
            if (Route().Replace(description ?? "", "") is { Length: > 0 } text) operation["description"] = text[..1].ToUpperInvariant() + text[1..];

            DescribeParameters();
            DescribeBody();
            DescribeAnswers();
            DescribeAccess();
            if (endpoint.Metadata.GetMetadata<SolderOperation>() is not null)
            {
                foreach (var status in SolderStatuses) Responses[status.ToString(CultureInfo.InvariantCulture)] = new JsonObject { ["$ref"] = "#/components/responses/SolderError" };
                operation["responses"] = Sorted(Responses);
                return;
            }

            CollectCodes(description, type);
            foreach (var (status, list) in codes) Responses[status.ToString(CultureInfo.InvariantCulture)] = Error(status, list);
            operation["responses"] = Sorted(Responses);
            AddForms();
        }

        /// <summary>The static class of the operation, also when the handler is a lambda in it.</summary>
        private Type? OperationType()
        {
            var type = handler?.DeclaringType;
            while (type is not null && type.Name.StartsWith('<')) type = type.DeclaringType;
            return type;
        }

        private void DescribeParameters()
        {
            var parameters = operation["parameters"] as JsonArray ?? [];
            foreach (var parameter in parameters.OfType<JsonObject>())
            {
                var documented = handler is null ? null : DocumentationText.OfParameter(handler, (string)parameter["name"]!);
                if (documented is null) continue;
                parameter["schema"] = DocumentedMember.Apply(parameter["schema"]!.DeepClone(), documented);
                parameter["schema"]!.AsObject().Remove("description");
                parameter["description"] = documented;
            }

            foreach (var query in endpoint.Metadata.GetOrderedMetadata<QueryParameter>())
            {
                foreach (var guessed in parameters.Where(parameter => (string?)parameter!["name"] == query.Name).ToArray()) parameters.Remove(guessed);
                var parameter = new JsonObject { ["name"] = query.Name, ["in"] = "query", ["description"] = query.Description, ["schema"] = JsonSerializer.SerializeToNode(query.Schema) };
                if (query.Required) parameter["required"] = true;
                parameters.Add(parameter);
                if (query.Code is not null) Add(400, query.Code);
            }

            if (parameters.Count > 0 && parameters.Parent is null) operation["parameters"] = parameters;
        }

        private void DescribeBody()
        {
            if (endpoint.Metadata.GetMetadata<RawBody>() is { } raw)
            {
                operation["requestBody"] = new JsonObject { ["description"] = raw.Description, ["required"] = true, ["content"] = Content(raw.ContentType, raw.Schema) };
                Add(413, "too_large");
                if (raw.Schema is not null) Add(415, "unsupported_media_type");
                if (raw.Schema is not null) Add(400, "invalid_json");
            }
            else if (operation.ContainsKey("requestBody"))
            {
                Add(400, "invalid_json");
                Add(413, "too_large");
                Add(415, "unsupported_media_type");
            }
        }

        private void DescribeAnswers()
        {
            var raw = endpoint.Metadata.GetOrderedMetadata<RawAnswer>();
            if (raw.Any(answer => answer.Status is >= 200 and < 400)) Responses.Remove("200"); // the framework's guess
            foreach (var answer in raw)
            {
                var response = new JsonObject { ["description"] = answer.Description };
                if (answer.ContentType is not null) response["content"] = Content(answer.ContentType, answer.Schema);
                foreach (var header in answer.Headers) AddHeader(response, header);
                Responses[answer.Status.ToString(CultureInfo.InvariantCulture)] = response;
            }

            if (Responses["201"] is JsonObject created) AddHeader(created, "Location");
        }

        private void DescribeAccess()
        {
            var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>().Where(rule => rule.Kind != AccessKind.Anyone).ToArray();
            var scopes = rules.SelectMany(rule => rule.Scopes ?? []).Distinct(StringComparer.Ordinal).ToArray();
            JsonObject session = new() { ["session"] = new JsonArray() };
            operation["security"] = (rules.Length, Array.Exists(rules, rule => rule.Kind == AccessKind.Session)) switch
            {
                (0, _) => new JsonArray(new JsonObject(), Token(), session), // what is private shows itself to those who may see it
                (_, true) => new JsonArray(session),
                _ => new JsonArray([.. (scopes.Length == 0 ? [Token()] : scopes.Select(scope => Token(scope))), session]),
            };
            foreach (var rule in rules)
            {
                Add(401, "unauthenticated");
                if (rule.Kind == AccessKind.Session) Add(403, "forbidden");
                if (rule.Kind == AccessKind.Role) Add(403, "role_required");
                if (rule.Kind == AccessKind.Scope) Add(403, "scope_required");
            }

            if (rules.Select(rule => rule.Role).Max() is { } role) Append($"Needs the role `{JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString())}`.");
            if (scopes.Length > 0) Append($"A token needs the scope {string.Join(" or ", scopes.Select(scope => $"`{scope}`"))}.");

            // What the gateway refuses before any service: bad credentials, ambiguous requests, a session from a foreign page.
            Add(400, "invalid_request");
            Add(401, "invalid_token");
            var isRead = HttpMethods.IsGet(method);
            if (!isRead) Add(403, "forbidden");
            if (endpoint.RoutePattern.Parameters.Count > 0) Add(404, "not_found");
            if (endpoint.RoutePattern.Parameters.Count > 0 && rules.Length > 0) AddAll(403, "forbidden", "not_owner");
            if (isRead && rules.Length == 0 && endpoint.Metadata.GetMetadata<Dialect>() is null) AddValidators(); // the gateway keeps no answers of dialects
        }

        /// <summary>The gateway gives every public answer an ETag, and spares those its body who have it.</summary>
        private void AddValidators()
        {
            if (Responses["200"] is not JsonObject answer) return;
            var unchanged = new JsonObject { ["description"] = "The client has it, as its `If-None-Match` says." };
            foreach (var header in (string[])["ETag", "Cache-Control"])
            {
                AddHeader(answer, header);
                AddHeader(unchanged, header);
            }

            Responses["304"] = unchanged;
        }

        private static JsonObject Token(params string[] scopes) => new() { ["token"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]) };

        private void CollectCodes(string? description, Type? type)
        {
            var texts = new List<string?> { description, type is null ? null : DocumentationText.Of(type) };
            texts.AddRange(endpoint.Metadata.OfType<IAcceptsMetadata>().Select(body => body.RequestType is { } body2 ? DocumentationText.Of(body2) : null));
            texts.AddRange(endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(answer => answer.Type is { } body ? DocumentationText.Of(body) : null));
            foreach (var (status, code) in texts.SelectMany(DocumentedCodes.Find)) Add(status, code);
            foreach (var (status, shared) in SharedErrors)
            {
                if (!codes.ContainsKey(status) && OwnAnswer(status) is null) Responses[status.ToString(CultureInfo.InvariantCulture)] = new JsonObject { ["$ref"] = "#/components/responses/" + shared };
                else if (status != 429 || OwnAnswer(status) is not null) Add(status, status switch { 429 => "rate_limited", 500 => "internal_error", 502 => "bad_gateway", 503 => "unavailable", _ => "timeout" });
            }
        }

        private void Append(string sentence) => operation["description"] = ((string?)operation["description"] + " " + sentence).Trim();

        private void AddAll(int status, params string[] all) => Array.ForEach(all, code => Add(status, code));

        private void Add(int status, string code)
        {
            if (!codes.TryGetValue(status, out var list)) codes[status] = list = new SortedSet<string>(StringComparer.Ordinal);
            list.Add(code);
        }

        private static readonly int[] SolderStatuses = [400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504, 507];

        private static readonly (int Status, string Name)[] SharedErrors =
            [(408, "RequestTimeout"), (429, "TooManyRequests"), (500, "InternalError"), (502, "BadGateway"), (503, "Unavailable"), (504, "GatewayTimeout")];

        /// <summary>What a dialect reads and answers as JSON it takes and gives in its other forms too.</summary>
        private void AddForms()
        {
            if (endpoint.Metadata.GetMetadata<Dialect>() is not { } dialect) return;
            (operation["requestBody"]?["content"] as JsonObject)?.Remove("*/*"); // taken in, to be refused in the dialect's own way
            foreach (var form in dialect.ContentTypes)
            {
                foreach (var holder in Responses.Select(response => response.Value).Append(operation["requestBody"]))
                    if (holder?["content"] is JsonObject content && content["application/json"] is { } json) content[form] = json.DeepClone();
            }
        }

        private RawAnswer? OwnAnswer(int status) => endpoint.Metadata.GetOrderedMetadata<RawAnswer>().FirstOrDefault(answer => answer.Status == status);

        /// <summary>The native envelope, beside what the route itself answers with this status.</summary>
        private JsonObject Error(int status, IEnumerable<string> list)
        {
            var response = new JsonObject
            {
                ["description"] = string.Join(", ", list.Select(code => $"`{code}`")) + ".",
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject
                    {
                        ["schema"] = new JsonObject
                        {
                            ["$ref"] = "#/components/schemas/" + (endpoint.Metadata.GetMetadata<Dialect>()?.ErrorSchema ?? "Error"),
                            ["properties"] = new JsonObject { ["code"] = new JsonObject { ["enum"] = new JsonArray([.. list.Select(code => (JsonNode)code)]) } },
                        },
                    },
                },
            };
            if (OwnAnswer(status) is { ContentType: { } type } own)
            {
                response["description"] = $"{own.Description} Or in JSON: {(string)response["description"]!}";
                response["content"]![type] = new JsonObject();
            }

            if (status is 429 or 503) AddHeader(response, "Retry-After");
            if (status == 416) AddHeader(response, "Content-Range");
            return response;
        }

        private static JsonObject Content(string contentType, string? schema) => new()
        {
            // A body without a schema is bytes, says OpenAPI 3.1.
            [contentType] = schema is null ? new JsonObject() : new JsonObject { ["schema"] = SchemaOf(schema) },
        };

        /// <summary>A schema by its name; <c>A[]</c> is a list of them, <c>A|B</c> either.</summary>
        private static JsonObject SchemaOf(string name) => name.Split('|') switch
        {
            [var one] when one.EndsWith("[]", StringComparison.Ordinal) => new JsonObject { ["type"] = "array", ["items"] = SchemaOf(one[..^2]) },
            [var one] => new JsonObject { ["$ref"] = "#/components/schemas/" + one },
            var several => new JsonObject { ["anyOf"] = new JsonArray([.. several.Select(one => (JsonNode)SchemaOf(one))]) },
        };

        private static void AddHeader(JsonObject response, string name)
        {
            if (response["headers"] is not JsonObject headers) response["headers"] = headers = [];
            headers[name] = new JsonObject { ["$ref"] = "#/components/headers/" + name };
        }

        private static JsonObject Sorted(JsonObject responses) =>
            new(responses.OrderBy(response => response.Key, StringComparer.Ordinal).Select(response => KeyValuePair.Create(response.Key, response.Value?.DeepClone())).ToArray());
    }

    [GeneratedRegex("(?=[A-Z])(?<!^)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Words();

    /// <summary>The method and path that the documentation of many operations begins with.</summary>
    [GeneratedRegex(@"^(?:Body of |Answer of )?`(?:GET|POST|PUT|PATCH|DELETE|HEAD)[^`]*`(?: and `[^`]*`)*[:,.;]? ?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Route();
}
