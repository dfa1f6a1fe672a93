using System.Text;
using System.Text.Json.Nodes;
using PackRelay.Manifests.Model;
using PackRelay.Manifests.Reading;

namespace PackRelay.Manifests.Tests.Reading;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Read_Version1_TakesEveryMember()
    {
        var manifest = Valid(Samples.Object().With("description", "a\nb").With("tags", new JsonArray("pve", "ui")));
        Assert.Equal((1, "vector-one", "Vector “One” / 🦊", "1.0.0"), (manifest.SchemaVersion, manifest.Name, manifest.DisplayName, manifest.Version));
        Assert.Equal(("7d2d", "1.0", "Vectors", "2026-01-02T03:04:05Z"), (manifest.Game, manifest.GameVersion, manifest.Publisher, manifest.PublishedAt));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), manifest.PublishedAtUtc);
        Assert.Equal("a\nb", manifest.Description);
        Assert.Equal(["pve", "ui"], manifest.Tags);
        Assert.Equal([new ManifestFile("Mods/A/b.txt", Samples.Sha, 6)], manifest.Files);
        Assert.Equal(new ManifestSignature(Samples.Key, Samples.VectorSignature), manifest.Signature);
        Assert.Equal(6, manifest.TotalSizeBytes);
        Assert.Null(manifest.Framework);
        Assert.Empty(manifest.Sources);
    }

    [Fact]
    public void Read_Version2_TakesSources()
    {
        var sources = JsonNode.Parse($$$"""
            [{"id":"n","source":"nexus","game":"7daystodie","modId":1,"fileId":2,"version":"3"},
             {"id":"g","source":"github","owner":"o","repo":"r","releaseTag":"v1","assetName":"a.zip","discoveredVia":"7dtm","scanAttestation":{"scannedAt":"x","scanner":"y"}},
             {"id":"g2","source":"github","owner":"o","repo":"r","releaseTag":"v1","assetName":"a.zip","sha256":"{{{Samples.Sha}}}"},
             {"id":"d","source":"7dtm","modSlug":"m","version":"1","upstreamUrl":"https://example.org/m"},
             {"id":"l","source":"legacy-blob"},
             {"id":"t","source":"thunderstore","community":"valheim","namespace":"ns","name":"n","version":"1.0.0","sha256":"{{{Samples.Sha}}}"},
             {"id":"u","source":"steam-workshop","whatever":[1,2,{"a":null}]}]
            """);
        var manifest = Valid(Samples.Object(2).With("sources", sources).With("files", new JsonArray(Samples.File("Mods/a").With("sourceRef", "u").With("executable", true))));
        Assert.Equal(
            [
                new NexusSource("n", "7daystodie", 1, 2, "3"), new GitHubSource("g", "o", "r", "v1", "a.zip", null), new GitHubSource("g2", "o", "r", "v1", "a.zip", Samples.Sha),
                new SevenDaysModsSource("d", "m", "1", "https://example.org/m"), new UploadedSource("l"), new ThunderstoreSource("t", "valheim", "ns", "n", "1.0.0", Samples.Sha),
                new UnknownSource("u", "steam-workshop"),
            ],
            manifest.Sources);
        Assert.Equal("u", manifest.Files[0].SourceRef);
        Assert.True(manifest.Files[0].Executable);
    }

    [Fact]
    public void Read_Version3_TakesFrameworkRequiresAndSides()
    {
        var file = Samples.File("BepInEx/a.dll").With("side", "server").With("optional", true).With("group", "extras");
        var manifest = Valid(Samples.Object(3).With("game", "valheim").With("files", new JsonArray(file, Samples.File("b"), Samples.File("c").With("side", "client")))
            .With("framework", JsonNode.Parse("""{"id":"bepinex","version":"5.4"}""")).With("requires", JsonNode.Parse("""{"serverPlatforms":["linux"],"framework":true}""")));
        Assert.Equal(new ManifestFramework("bepinex", "5.4"), manifest.Framework);
        Assert.Equal(["linux"], manifest.Requires?.ServerPlatforms);
        Assert.Equal((ManifestSide.Server, true, "extras"), (manifest.Files[0].Side, manifest.Files[0].Optional, manifest.Files[0].Group));
        Assert.Equal((ManifestSide.Both, false, null), (manifest.Files[1].Side, manifest.Files[1].Optional, manifest.Files[1].Group));
        Assert.Equal(ManifestSide.Client, manifest.Files[2].Side);
    }

    [Fact]
    public void Read_MembersOfALaterVersion_CountAsUnknown()
    {
        var later = Samples.Object().With("sources", 1).With("framework", 2).With("requires", 3).With("files", new JsonArray(Samples.File("Mods/a").With("sourceRef", 4)));
        Assert.Null(Valid(later).Files[0].SourceRef);
    }

    [Theory]
    [InlineData("1.0", true)]
    [InlineData("0.2e1", true)]
    [InlineData("3", true)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("4", false)]
    [InlineData("1.5", false)]
    [InlineData("4294967297", false)]
    [InlineData("1e999", false)]
    [InlineData("\"2\"", false)]
    [InlineData("null", false)]
    [InlineData("true", false)]
    public void Read_SchemaVersion_IsOneOfThreeNumbers(string value, bool accepted)
    {
        var reading = Samples.Read(Samples.Object().ToJsonString().Replace("\"schemaVersion\":1", $"\"schemaVersion\":{value}", StringComparison.Ordinal));
        Assert.Equal(accepted, reading.IsValid);
        if (!accepted) Assert.Equal("schemaVersion", Assert.Single(reading.Problems).Path);
    }

    [Theory]
    [InlineData("name", "\"ab\"")]
    [InlineData("name", "\"Vector\"")]
    [InlineData("name", "null")]
    [InlineData("displayName", "\"\"")]
    [InlineData("version", "\"1.0\"")]
    [InlineData("version", "\"1.0.0+build\"")]
    [InlineData("game", "\"valheim\"")]
    [InlineData("gameVersion", "\"12345678901234567890123456789012345678901\"")]
    [InlineData("publisher", "5")]
    [InlineData("publishedAt", "\"2026-01-02 03:04:05Z\"")]
    [InlineData("publishedAt", "\"2026-01-02T03:04:05+00:00\"")]
    [InlineData("publishedAt", "\"2026-02-30T03:04:05Z\"")]
    [InlineData("publishedAt", "\"2026-01-02T03:04:05.Z\"")]
    [InlineData("publishedAt", "\"2026-01-02T03:04:05.0123456789Z\"")]
    [InlineData("description", "null")]
    [InlineData("displayName", "\"a\\u0000b\"")]
    [InlineData("unknownMember", "\"\\u0000\"")]
    [InlineData("unknownMember", "0.5")]
    [InlineData("tags", "\"pve\"")]
    [InlineData("files", "{}")]
    [InlineData("signature", "[]")]
    public void Read_WrongMember_IsNamed(string member, string json)
    {
        var reading = Samples.Object().With(member, JsonNode.Parse(json)).Read();
        Assert.Equal(ManifestReadOutcome.InvalidShape, reading.Outcome);
        Assert.Null(reading.Manifest);
        Assert.Equal(member, Assert.Single(reading.Problems).Path);
    }

    [Fact]
    public void Read_EmptyObject_ReportsEveryMissingMemberAtOnce()
    {
        var reading = Samples.Read("{}");
        string[] required = ["displayName", "files", "game", "gameVersion", "name", "publishedAt", "publisher", "schemaVersion", "signature", "version"];
        Assert.Equal(required, reading.Problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
        Assert.All(reading.Problems, problem => Assert.Equal("is missing", problem.Message));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05.000Z", 0)]
    [InlineData("2026-01-02T03:04:05.1Z", 100_000_000)]
    [InlineData("2026-01-02T03:04:05.123456789Z", 123_456_700)]
    public void Read_FractionalSeconds_AreKeptAsTheyWereSigned(string text, long nanoseconds)
    {
        var manifest = Valid(Samples.Object().With("publishedAt", text));
        Assert.Equal(text, manifest.PublishedAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(nanoseconds / 100), manifest.PublishedAtUtc);
    }

    [Fact]
    public void Read_TextsAtTheirLimits_AreAcceptedAndOneMoreIsNot()
    {
        foreach (var (member, limit) in new[] { ("displayName", 200), ("gameVersion", 40), ("publisher", 200), ("description", 20_000) })
        {
            Assert.True(Samples.Object().With(member, new string('x', limit)).Read().IsValid, member);
            Assert.Equal(member, Assert.Single(Samples.Object().With(member, new string('x', limit + 1)).Read().Problems).Path);
        }
        Assert.True(Samples.Object().With("tags", Repeat(20, new string('t', 40))).Read().IsValid);
        Assert.Equal("tags", Assert.Single(Samples.Object().With("tags", Repeat(21, "t")).Read().Problems).Path);
        Assert.Equal("tags[0]", Assert.Single(Samples.Object().With("tags", Repeat(1, new string('t', 41))).Read().Problems).Path);
        Assert.Equal(["tags[1]", "tags[3]"], Samples.Object().With("tags", new JsonArray("a", 1, "b", "")).Read().Problems.Select(problem => problem.Path));
        Assert.Equal(2, Samples.Object().With("tags", new JsonArray("", 5)).Read().Problems.Count);
    }

    [Fact]
    public void Read_ControlCharactersInADescription_AreKept() =>
        Assert.Equal("\u0001\t\u007F", Valid(Samples.Object().With("description", "\u0001\t\u007F")).Description);

    [Theory]
    [InlineData("palworld", true)]
    [InlineData("7d2d", true)]
    [InlineData("tetris", false)]
    public void Read_Version3_AllowsTheHubsGames(string game, bool accepted) =>
        Assert.Equal(accepted, Samples.Object(3).With("game", game).Read().IsValid);

    [Fact]
    public void Read_ConfiguredLimits_Count()
    {
        var two = Samples.Object().WithFiles("Mods/a", "Mods/b").Utf8();
        var limits = new ManifestLimits { MaxFiles = 2, MaxManifestBytes = two.Length, Games = new HashSet<string>(StringComparer.Ordinal) { "tetris" } };
        Assert.True(ManifestReader.Read(two, limits).IsValid);
        Assert.Equal("files must have at most 1 entries", Assert.Single(ManifestReader.Read(two, limits with { MaxFiles = 1 }).Problems).ToString());
        Assert.Equal(ManifestReadOutcome.TooLarge, ManifestReader.Read(two, limits with { MaxManifestBytes = two.Length - 1 }).Outcome);
        Assert.True(ManifestReader.Read(Samples.Object(3).With("game", "tetris").Utf8(), limits with { MaxManifestBytes = 10_000 }).IsValid);
    }

    [Fact]
    public void Read_TwentyThousandFiles_AreAllowedAndOneMoreIsNot()
    {
        Assert.True(ManifestReader.Read(Samples.Large(20_000), ManifestLimits.Default).IsValid);
        Assert.Equal("files", Assert.Single(ManifestReader.Read(Samples.Large(20_001), ManifestLimits.Default).Problems).Path);
    }

    [Fact]
    public void Read_MoreProblemsThanAHundred_ReportsAHundred() =>
        Assert.Equal(100, Samples.Object().WithFiles(Enumerable.Repeat("../x", 500).ToArray()).Read().Problems.Count);

    [Theory]
    [InlineData("")]
    [InlineData("nope")]
    [InlineData("{\"name\":1} trailing")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"x\":{\"y\":[{\"a\":1,\"\\u0061\":2}]}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udfff\":1}")]
    [InlineData("{\"size\":NaN}")]
    public void Read_NotStrictJson_IsInvalidJson(string text)
    {
        var reading = Samples.Read(text);
        Assert.Equal(ManifestReadOutcome.InvalidJson, reading.Outcome);
        Assert.Single(reading.Problems);
    }

    [Fact]
    public void Read_HostileBytes_NeverThrows()
    {
        foreach (var bytes in new byte[][] { Encoding.Unicode.GetBytes("{}"), Encoding.UTF32.GetBytes("{}"), [0], [0xFF], [0x22, 0xED, 0xA0, 0x80, 0x22], new byte[1000] })
            Assert.Equal(ManifestReadOutcome.InvalidJson, ManifestReader.Read(bytes, ManifestLimits.Default).Outcome);
        Assert.Equal(ManifestReadOutcome.InvalidJson, Samples.Read(new string('[', 100_000)).Outcome);
        Assert.Equal(ManifestReadOutcome.InvalidJson, Samples.Read(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).Outcome);
        foreach (var root in new[] { "[]", "1", "null", "\"x\"", "true" })
            Assert.Equal("must be an object", Assert.Single(Samples.Read(root).Problems).Message);
    }

    [Fact]
    public void Read_AnyByteDamaged_NeverThrows()
    {
        var good = Samples.Object(2).With("sources", new JsonArray(new JsonObject { ["id"] = "l", ["source"] = "legacy-blob" })).Utf8();
        for (var at = 0; at < good.Length; at++)
            foreach (byte damage in new byte[] { 0, (byte)'"', (byte)'\\', (byte)'}', (byte)'9', 0x80, 0xF4 })
            {
                var damaged = (byte[])good.Clone();
                damaged[at] = damage;
                var reading = ManifestReader.Read(damaged, ManifestLimits.Default);
                Assert.True(reading.IsValid || reading.Problems.Count > 0);
            }
    }

    private static JsonArray Repeat(int count, string text) => new(Enumerable.Range(0, count).Select(_ => (JsonNode)text).ToArray());

    private static Manifest Valid(JsonObject manifest)
    {
        var reading = manifest.Read();
        Assert.True(reading.IsValid, string.Join("; ", reading.Problems));
        Assert.Equal(ManifestReadOutcome.Valid, reading.Outcome);
        return reading.Manifest;
    }
}
