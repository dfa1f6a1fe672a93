using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PackRelay.Testing.Documents;
using Xunit.Sdk;

namespace PackRelay.Testing.Tests.Documents;

public sealed class ApiContractTests
{
    private static readonly ApiContract Contract = ApiContract.Parse("""
        {
          "components": {
            "schemas": {
              "Error": { "type": "object", "required": ["error", "code"], "properties": { "error": { "type": "string" }, "code": { "type": "string" } } },
              "Pack": { "type": "object", "required": ["slug"], "properties": { "slug": { "type": "string" } } }
            },
            "responses": { "Gone": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } } }
          },
          "paths": {
            "/api/v1/packs/{slug}": {
              "get": {
                "operationId": "GetPack",
                "parameters": [{ "name": "game", "in": "query" }],
                "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pack" } } } }, "304": {}, "410": { "$ref": "#/components/responses/Gone" } }
              },
              "put": {
                "operationId": "PutPack",
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pack" } } } },
                "responses": { "204": {} }
              }
            },
            "/api/v1/packs/featured": { "get": { "operationId": "GetFeatured", "responses": { "200": { "content": { "application/octet-stream": {} } } } } }
          }
        }
        """);

    [Theory]
    [InlineData("GET", "/api/v1/packs/a", 200, """{"slug":"a"}""")]
    [InlineData("GET", "/api/v1/packs/a?game=7d2d", 200, """{"slug":"a"}""")]
    [InlineData("HEAD", "/api/v1/packs/a", 200, "")]
    [InlineData("GET", "/api/v1/packs/a", 304, "")]
    [InlineData("GET", "/api/v1/packs/a", 410, """{"error":"e","code":"withdrawn"}""")]
    [InlineData("PUT", "/api/v1/packs/a", 204, "")]
    [InlineData("PATCH", "/api/v1/packs/a", 405, """{"error":"e","code":"method_not_allowed"}""")]
    [InlineData("GET", "/api/v1/nothing", 404, """{"error":"e","code":"not_found"}""")]
    [InlineData("GET", "/alive", 200, "Healthy")]
    public async Task Exchange_AsTheDocumentSays_Passes(string method, string path, int status, string body)
    {
        using var answer = await SendAsync(method, path, status, body);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/api/v1/packs/a", 200, """{"slug":"a","extra":1}""", "'extra' is not documented")]
    [InlineData("GET", "/api/v1/packs/a?sort=x", 200, """{"slug":"a"}""", "the query parameter 'sort'")]
    [InlineData("GET", "/api/v1/packs/a", 409, """{"error":"e","code":"x"}""", "the status 409")]
    [InlineData("GET", "/api/v1/packs/a", 410, """{"error":"e"}""", "'code' is missing")]
    [InlineData("GET", "/api/v1/packs/featured", 200, """{"slug":"a"}""", "the content type application/json")]
    [InlineData("PUT", "/api/v1/packs/a", 204, """{"slug":"a"}""", "a body, where none is documented")]
    [InlineData("DELETE", "/api/v1/packs/a", 204, "", "the method is not documented")]
    [InlineData("GET", "/api/v1/secret", 200, "{}", "the path is not documented")]
    public async Task Exchange_OtherThanTheDocumentSays_Fails(string method, string path, int status, string body, string expected)
    {
        var failure = await Assert.ThrowsAsync<XunitException>(() => SendAsync(method, path, status, body));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_AcceptedThoughItsBodyDoesNotFit_Fails() =>
        Assert.Contains("'slug' is missing", (await Assert.ThrowsAsync<XunitException>(() => SendAsync("PUT", "/api/v1/packs/a", 204, "", sent: "{}"))).Message, StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> SendAsync(string method, string path, int status, string body, string? sent = null)
    {
        using var client = new HttpClient(new ContractHandler(Contract) { InnerHandler = new Answering(status, body) }) { BaseAddress = new Uri("http://localhost") };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (sent is not null) request.Content = new StringContent(sent, Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }

    private sealed class Answering(int status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (body.Length > 0) content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = content, RequestMessage = request });
        }
    }
}
