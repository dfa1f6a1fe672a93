using System.Text.Json.Nodes;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.ServiceDefaults.Tests.OpenApi;

public sealed class DocumentedMemberTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "Display name; 1 to 200 characters on one line.", """{"type":"string","minLength":1,"maxLength":200}""")]
    [InlineData("""{"type":["null","string"]}""", "Markdown; at most 20,000 characters.", """{"type":["string","null"],"maxLength":20000}""")]
    [InlineData("""{"type":"string"}""", "10 to 1,024 characters.", """{"type":"string","minLength":10,"maxLength":1024}""")]
    [InlineData("""{"type":"integer","format":"int32"}""", "Player slots, 0 to 100,000.", """{"type":"integer","format":"int32","minimum":0,"maximum":100000}""")]
    [InlineData("""{"type":"integer"}""", "Days until it expires, 1 to 365; 90 when absent.", """{"type":"integer","minimum":1,"maximum":365}""")]
    [InlineData("""{"type":"array"}""", "At most 20, each of 1 to 40 characters.", """{"type":"array","maxItems":20}""")]
    [InlineData("""{"type":"array"}""", "Names of the players, at most 500, each 1 to 100 characters.", """{"type":"array","maxItems":500}""")]
    [InlineData("""{"type":"string"}""", "`free` or `pro`.", """{"type":"string","enum":["free","pro"]}""")]
    [InlineData("""{"type":["null","string"]}""", "`public` (default), `unlisted` or `private`.", """{"type":["string","null"],"enum":["public","unlisted","private",null]}""")]
    [InlineData("""{"type":"string"}""", "Always `player`.", """{"type":"string","enum":["player"]}""")]
    [InlineData("""{"type":"string"}""", "Region code, such as `eu`.", """{"type":"string","examples":["eu"]}""")]
    public void Apply_DescriptionWithALimit_PutsItIntoTheSchema(string schema, string description, string expected)
    {
        var result = DocumentedMember.Apply(JsonNode.Parse(schema)!, description).AsObject();
        Assert.Equal(description, (string?)result["description"]);
        result.Remove("description");
        Assert.Equal(expected, result.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"string"}""", "`host` or `host:port`; without a port the game's own.")]
    [InlineData("""{"type":"string"}""", "`stopping` takes the server offline at once; absent otherwise.")]
    [InlineData("""{"type":"integer"}""", "Files of the latest version; 0 without one.")]
    [InlineData("""{"type":"boolean"}""", "Whether it is up, 0 to 100.")]
    public void Apply_DescriptionWithoutALimitOfItsType_LeavesTheSchemaAlone(string schema, string description)
    {
        var result = DocumentedMember.Apply(JsonNode.Parse(schema)!, description).AsObject();
        result.Remove("description");
        Assert.Equal(schema, result.ToJsonString());
    }
}
