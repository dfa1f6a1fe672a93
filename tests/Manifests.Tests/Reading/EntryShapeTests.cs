using System.Text.Json.Nodes;
using PackRelay.Manifests.Json;

namespace PackRelay.Manifests.Tests.Reading;

/// <summary>Files, sources and the signature: what is refused, and under which path it is reported.</summary>
public sealed class EntryShapeTests
{
    [Theory]
    [InlineData("path", "1")]
    [InlineData("path", "\"\"")]
    [InlineData("path", "\"Mods/../x\"")]
    [InlineData("path", "\"Mods/a\\u0000\"")]
    [InlineData("sha256", "\"5891B5B522D5DF086D0FF0B110FBD9D21BB4FC7163AF34D08286A2E846F6BE03\"")]
    [InlineData("sha256", "\"58\"")]
    [InlineData("sha256", "5")]
    [InlineData("size", "\"6\"")]
    [InlineData("size", "-1")]
    [InlineData("size", "1.5")]
    [InlineData("size", "9007199254740993")]
    [InlineData("size", "1e999")]
    [InlineData("size", "null")]
    [InlineData("executable", "1")]
    [InlineData("executable", "null")]
    [InlineData("side", "\"Server\"")]
    [InlineData("side", "1")]
    [InlineData("optional", "\"yes\"")]
    [InlineData("group", "\"\"")]
    [InlineData("sourceRef", "\"nowhere\"")]
    [InlineData("sourceRef", "5")]
    public void ReadFile_WrongMember_IsNamedWithItsIndex(string member, string json)
    {
        var file = Samples.File("Mods/b").With(member, JsonNode.Parse(json));
        var reading = Samples.Object(2).With("files", new JsonArray(Samples.File("Mods/a"), file)).Read();
        Assert.Contains($"files[1].{member}", reading.Problems.Select(problem => problem.Path));
        Assert.All(reading.Problems, problem => Assert.StartsWith($"files[1].{member}", problem.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000_000_000)]
    [InlineData(CanonicalNumber.Max)]
    public void ReadFile_AnySafeSize_IsAccepted(long size) =>
        Assert.Equal(size, Samples.Object().With("files", new JsonArray(Samples.File("Mods/a", size: size))).Read().Manifest?.TotalSizeBytes);

    [Fact]
    public void ReadFiles_SumBeyondSafeIntegers_IsRefused()
    {
        var other = new string('0', 64);
        var reading = Samples.Object().With("files", new JsonArray(Samples.File("Mods/a", size: CanonicalNumber.Max), Samples.File("Mods/b", other, 1))).Read();
        Assert.Equal("files", Assert.Single(reading.Problems).Path);
    }

    [Fact]
    public void ReadFiles_OneHashOfTwoSizes_IsRefused()
    {
        var reading = Samples.Object().With("files", new JsonArray(Samples.File("Mods/a"), Samples.File("Mods/b"), Samples.File("Mods/c", size: 7))).Read();
        Assert.Equal("files[2].size", Assert.Single(reading.Problems).Path);
    }

    [Fact]
    public void ReadFiles_Empty_IsAccepted() => Assert.Empty(Samples.Object().With("files", new JsonArray()).Read().Manifest!.Files);

    [Fact]
    public void ReadFiles_EntryThatIsNoObject_IsNamed() =>
        Assert.Equal(["files[0]", "files[1]"], Samples.Object().With("files", new JsonArray(1, "x")).Read().Problems.Select(problem => problem.Path));

    [Theory]
    [InlineData("""{"source":"legacy-blob"}""", "id")]
    [InlineData("""{"id":"A","source":"legacy-blob"}""", "id")]
    [InlineData("""{"id":"a"}""", "source")]
    [InlineData("""{"id":"a","source":1}""", "source")]
    [InlineData("""{"id":"a","source":"nexus","game":"g","modId":"1","fileId":2,"version":"3"}""", "modId")]
    [InlineData("""{"id":"a","source":"nexus","game":"g","modId":1,"fileId":2}""", "version")]
    [InlineData("""{"id":"a","source":"github","owner":"o","repo":"r","releaseTag":"v"}""", "assetName")]
    [InlineData("""{"id":"a","source":"github","owner":"o","repo":"r","releaseTag":"v","assetName":"n","sha256":"x"}""", "sha256")]
    [InlineData("""{"id":"a","source":"7dtm","modSlug":"m","version":"1","upstreamUrl":"javascript:alert(1)"}""", "upstreamUrl")]
    [InlineData("""{"id":"a","source":"thunderstore","community":"c","namespace":"n","name":"n","version":"1"}""", "sha256")]
    public void ReadSource_WrongMember_IsNamed(string source, string member) => Assert.Equal(
        $"sources[0].{member}",
        Assert.Single(Samples.Object(2).With("sources", new JsonArray(JsonNode.Parse(source))).Read().Problems).Path);

    [Fact]
    public void ReadSources_IdTwice_IsRefused()
    {
        var sources = JsonNode.Parse("""[{"id":"a","source":"legacy-blob"},{"id":"a","source":"other"}]""");
        Assert.Equal("sources[1].id", Assert.Single(Samples.Object(2).With("sources", sources).Read().Problems).Path);
    }

    [Theory]
    [InlineData("algo", "\"rsa\"", "signature.algo")]
    [InlineData("publicKeyId", "\"vectors\"", "signature.publicKeyId")]
    [InlineData("value", "\"F464\"", "signature.value")]
    [InlineData("value", "1", "signature.value")]
    [InlineData("extra", "1", "signature")]
    public void ReadSignature_AnythingButTheThreeMembers_IsRefused(string member, string json, string path)
    {
        var manifest = Samples.Object();
        manifest["signature"]![member] = JsonNode.Parse(json);
        Assert.Equal(path, Assert.Single(manifest.Read().Problems).Path);
    }

    [Theory]
    [InlineData("algo")]
    [InlineData("publicKeyId")]
    [InlineData("value")]
    public void ReadSignature_MissingMember_IsNamed(string member)
    {
        var manifest = Samples.Object();
        manifest["signature"]!.AsObject().Remove(member);
        Assert.Equal($"signature.{member}", Assert.Single(manifest.Read().Problems).Path);
    }
}
