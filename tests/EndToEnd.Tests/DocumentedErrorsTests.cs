using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.ApiDocument;
using static PackRelay.EndToEnd.Tests.Publisher;

namespace PackRelay.EndToEnd.Tests;

/// <summary>Every route of the API document that reads JSON or gives a list, asked with what none of them takes. A new route is asked as soon as it is in the document.</summary>
[Collection(HubGroup.Name)]
public sealed class DocumentedErrorsTests(Hub hub)
{
    private static readonly string[] BrokenBodies =
        ["", "{", "null", "[]", "\"text\"", "{} {}", "\uFEFF{}", """{"a":1,"a":2}""", """{"a":"\ud800"}""", new('[', 10_000)];

    // U+0000, which Postgres takes for no text; half of a surrogate pair and a byte that are no UTF-8; something long; what looks like another path; numbers over and under every limit.
    private static readonly string[] OddValues = ["%00", "a%00b", "%ED%A0%80", "%FF", new('a', 3_000), "..%2F..", "%20", "%F0%9F%A6%8A", "-1", "99999999999999999999"];

    private static readonly string[] WrongCodes = ["invalid_json", "invalid_heartbeat", "manifest_shape"];

    private static JsonNode Document { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, ApiDocumentBuilder.File)))!;

    private static JsonObject Paths { get; } = Document["paths"]!.AsObject();

    /// <summary>Operations that read JSON and answer with the native error envelope.</summary>
    public static TheoryData<string, string> JsonRoutes => Operations(operation => operation["requestBody"]?["content"]?["application/json"] is not null);

    /// <summary>Every operation with the native error envelope.</summary>
    public static TheoryData<string, string> Routes => Operations(_ => true);

    /// <summary>Operations that give one page of a list.</summary>
    public static TheoryData<string, string> Lists => Operations(operation => Takes(operation, "limit") && Takes(operation, "cursor"));

    [Theory]
    [MemberData(nameof(JsonRoutes))]
    public async Task Body_ThatNoRouteTakes_IsRefused(string method, string path)
    {
        var client = await ClientAsync(method, path);
        var target = await FillAsync(path);
        foreach (var body in BrokenBodies.Concat(WrongMembers(Paths[path]![method.ToLowerInvariant()]!)))
        {
            var answer = await ExpectAsync(HttpStatusCode.BadRequest, SendAsync(client, method, target, body));
            Assert.True(WrongCodes.Contains((string?)answer["code"]), $"{body}: {answer}");
        }

        await ExpectErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", SendAsync(client, method, target, "{}", "text/plain"));
        await ExpectErrorAsync(HttpStatusCode.RequestEntityTooLarge, "too_large", SendAsync(client, method, target, $$"""{"a":"{{new string('a', 10_000_000)}}"}"""));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_WithAPartThatIsNone_IsRefused(string method, string path)
    {
        var client = await ClientAsync(method, path);
        var target = await FillAsync(path);
        foreach (var limit in new[] { "0", "-1", "x", "", "1.5", "1&limit=2" })
            await ExpectErrorAsync(HttpStatusCode.BadRequest, "invalid_limit", client.GetAsync($"{target}?limit={limit}"));
        foreach (var cursor in new[] { "abc", "", "%00", "YWJj" })
            await ExpectErrorAsync(HttpStatusCode.BadRequest, "invalid_cursor", client.GetAsync($"{target}?cursor={cursor}"));
        var operation = Paths[path]!["get"]!;
        if (Takes(operation, "offset"))
        {
            foreach (var offset in new[] { "-1", "x", "10001" })
                await ExpectErrorAsync(HttpStatusCode.BadRequest, "invalid_offset", client.GetAsync($"{target}?offset={offset}"));
        }

        if (Takes(operation, "sort")) await ExpectErrorAsync(HttpStatusCode.BadRequest, "invalid_sort", client.GetAsync($"{target}?sort=best"));
        await ExpectAsync(HttpStatusCode.OK, client.GetAsync($"{target}?limit=1000")); // counts as 100
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Anything_WithOddValues_IsNoFaultOfTheHub(string method, string path)
    {
        var client = await ClientAsync(method, path);
        var queries = Paths[path]![method.ToLowerInvariant()]!["parameters"]?.AsArray().Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!).ToArray() ?? [];
        var filled = queries.Length > 0 ? await FillAsync(path) : "";
        foreach (var odd in OddValues)
        {
            var target = string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? odd : part));
            if (target != path && !odd.Contains("%00", StringComparison.Ordinal)) await AssertAsync(target); // in a path the web server itself refuses it
            foreach (var query in queries) await AssertAsync($"{filled}?{query}={odd}");
        }

        async Task AssertAsync(string target)
        {
            using var answer = await SendAsync(client, method, target, "{}");
            Assert.True((int)answer.StatusCode < 500, $"{target}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static TheoryData<string, string> Operations(Func<JsonNode, bool> fits)
    {
        var routes = new TheoryData<string, string>();
        foreach (var (path, operations) in Paths)
        {
            foreach (var (method, operation) in operations!.AsObject())
                if (operation is JsonObject && fits(operation) && IsNative(operation)) routes.Add(method.ToUpperInvariant(), path);
        }

        return routes;
    }

    /// <summary>Bodies with a member that the route knows: of another type, and with U+0000 when it is a text.</summary>
    private static IEnumerable<string> WrongMembers(JsonNode operation)
    {
        var schema = (string)operation["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!;
        foreach (var (name, member) in Document["components"]!["schemas"]![schema[(schema.LastIndexOf('/') + 1)..]]!["properties"]!.AsObject())
        {
            var type = member!["type"]?.ToJsonString() ?? "";
            if (!type.Contains("object", StringComparison.Ordinal) && type.Length > 0) yield return $$"""{"{{name}}":{"x":1} }""";
            if (type.Contains("string", StringComparison.Ordinal)) yield return $$"""{"{{name}}":"a\u0000b"}""";
        }
    }

    private static bool IsNative(JsonNode operation) => (string?)operation["responses"]?["400"]?["content"]?["application/json"]?["schema"]?["$ref"] == "#/components/schemas/Error";

    private static bool Takes(JsonNode operation, string parameter) => operation["parameters"]?.AsArray().Any(found => (string?)found!["name"] == parameter) == true;

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string body, string contentType = "application/json") => client.SendAsync(
        new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } } });

    /// <summary>An administrator's session where no token passes, and for what is the administrators' alone; else a publisher's token.</summary>
    private async Task<HttpClient> ClientAsync(string method, string path)
    {
        var isTokenRoute = Paths[path]![method.ToLowerInvariant()]!["security"]!.AsArray().Any(way => way!["token"] is not null);
        return isTokenRoute && !path.StartsWith("/api/v1/frameworks/", StringComparison.Ordinal) ? (await hub.PublisherAsync()).Client : await hub.AdminAsync();
    }

    /// <summary>The path with something that is there in the place of each parameter.</summary>
    private async Task<string> FillAsync(string path)
    {
        var publisher = await hub.PublisherAsync();
        var (start, value) = path switch
        {
            _ when path.StartsWith("/api/v1/packs/{slug}/versions/{version}", StringComparison.Ordinal) => ("/api/v1/packs/{slug}", await PublishAsync(publisher)),
            _ when path.StartsWith("/api/v1/packs/{slug}", StringComparison.Ordinal) => ("/api/v1/packs/{slug}", await publisher.CreatePackAsync()),
            _ when path.StartsWith("/api/v1/servers/{slug}", StringComparison.Ordinal) => ("/api/v1/servers/{slug}", await publisher.CreateServerAsync()),
            _ when path.StartsWith("/api/v1/webhooks/{id}", StringComparison.Ordinal) => ("/api/v1/webhooks/{id}", (await publisher.RegisterWebhookAsync(new Uri("http://127.0.0.1:9/"), "pack.deleted")).Id),
            _ when path.StartsWith("/api/v1/admin/accounts/{id}", StringComparison.Ordinal) => ("/api/v1/admin/accounts/{id}", await AccountIdAsync(publisher)),
            _ => ("", ""),
        };
        var filled = start.Length == 0 ? path : start.Replace(start[start.IndexOf('{', StringComparison.Ordinal)..], value, StringComparison.Ordinal) + path[start.Length..];
        return filled.Replace("{version}", "1.0.0", StringComparison.Ordinal).Replace("{id}", "a-framework", StringComparison.Ordinal);
    }

    private static async Task<string> PublishAsync(Publisher publisher)
    {
        var pack = await publisher.CreatePackAsync();
        await ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, await publisher.SignManifestAsync(pack)));
        return pack;
    }

    private static async Task<string> AccountIdAsync(Publisher publisher) => (string)(await ExpectAsync(HttpStatusCode.OK, publisher.Client.GetAsync("/api/v1/me")))["id"]!;
}
