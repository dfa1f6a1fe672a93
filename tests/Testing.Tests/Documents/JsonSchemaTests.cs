using System.Text.Json;
using PackRelay.Testing.Documents;

namespace PackRelay.Testing.Tests.Documents;

public sealed class JsonSchemaTests
{
    private static readonly JsonElement Document = Parse("""
        {
          "Error": { "type": "object", "required": ["error", "code"], "properties": { "error": { "type": "string" }, "code": { "type": "string" }, "details": { "type": "array" } } },
          "Pack": { "type": "object", "required": ["slug"], "properties": { "slug": { "type": "string" } } }
        }
        """);

    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"")]
    [InlineData("""{"type":["string","null"]}""", "null")]
    [InlineData("""{"type":"integer","minimum":0,"maximum":5}""", "5")]
    [InlineData("""{"type":"number"}""", "5.5")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":2}""", "[1,2]")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-01-02T03:04:05.000Z\"")]
    [InlineData("""{"type":"string","format":"uuid"}""", "\"7e6a7b1e-8f0a-4a57-9d0c-0f7a4c5b6d10\"")]
    [InlineData("""{"type":"string","pattern":"^[0-9a-f]{4}$"}""", "\"00ff\"")]
    [InlineData("""{"enum":["a",null]}""", "null")]
    [InlineData("""{"oneOf":[{"type":"null"},{"$ref":"#/Pack"}]}""", """{"slug":"a"}""")]
    [InlineData("""{"$ref":"#/Error","properties":{"code":{"enum":["x"]}}}""", """{"error":"e","code":"x","details":[]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":true}""", """{"b":1}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"b":"c"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", "{}")]
    public void Problems_ValueThatFits_AreNone(string schema, string value) => Assert.Empty(new JsonSchema(Document, isClosed: true).Problems(Parse(schema), Parse(value)));

    [Theory]
    [InlineData("""{"type":"string"}""", "1", "Number is not string")]
    [InlineData("""{"type":"string"}""", "null", "Null is not string")]
    [InlineData("""{"type":"integer"}""", "1.0", "is not integer")]
    [InlineData("""{"type":"integer","minimum":0}""", "-1", "minimum 0")]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"", "minLength 2")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", """[1,"2"]""", "$[1]: String is not integer")]
    [InlineData("""{"type":"array","maxItems":1}""", "[1,2]", "maxItems 1")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-01-02T03:04:05+01:00\"", "is no date-time")]
    [InlineData("""{"type":"string","pattern":"^a$"}""", "\"b\"", "does not match")]
    [InlineData("""{"enum":["a"]}""", "\"b\"", "is not one of")]
    [InlineData("""{"$ref":"#/Pack"}""", "{}", "'slug' is missing")]
    [InlineData("""{"$ref":"#/Pack"}""", """{"slug":"a","name":"b"}""", "'name' is not documented")]
    [InlineData("""{"type":"array","items":{"$ref":"#/Pack"}}""", """[{"slug":"a","name":"b"}]""", "$[0]: the member 'name' is not documented")]
    [InlineData("""{"oneOf":[{"type":"null"},{"$ref":"#/Pack"}]}""", """{"slug":1}""", "fits no branch")]
    [InlineData("""{"$ref":"#/Error","properties":{"code":{"enum":["x"]}}}""", """{"error":"e","code":"y"}""", "is not one of")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"b":1}""", "$.b: Number is not string")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", """{"b":1}""", "'b' is not documented")]
    public void Problems_ValueThatDoesNotFit_SayWhereAndWhy(string schema, string value, string expected) =>
        Assert.Contains(new JsonSchema(Document, isClosed: true).Problems(Parse(schema), Parse(value)), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Problems_UnknownMemberOfARequest_AreNone() =>
        Assert.Empty(new JsonSchema(Document, isClosed: false).Problems(Parse("""{"$ref":"#/Pack"}"""), Parse("""{"slug":"a","name":"b"}""")));

    [Theory]
    [InlineData("""{"type":"string","contentEncoding":"base64"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"not":{}}}}""")]
    [InlineData("""{"type":"string","format":"email"}""")]
    public void Know_KeywordThatIsNotJudged_Throws(string schema) => Assert.Throws<NotSupportedException>(() => JsonSchema.Know(Parse(schema)));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
