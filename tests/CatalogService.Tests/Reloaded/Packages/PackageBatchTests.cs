using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Reloaded.Packages;

namespace PackRelay.CatalogService.Tests.Reloaded.Packages;

/// <summary>What the batches of reads have in common, and what each answers to items that are unknown.</summary>
public sealed class PackageBatchTests(ReloadedApi api) : IClassFixture<ReloadedApi>
{
    private const string Path = "/api/packages/";

    public static TheoryData<string> ById => ["metadata", "check-updates", "download-info"];

    public static TheoryData<string> ByHash => ["metadata-fromhash", "check-updates-fromhash", "download-info-fromhash"];

    [Theory]
    [MemberData(nameof(ById))]
    public async Task ById_UnknownItems_AreLeftOut(string route)
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        var body = $$"""[{"packageId":"no.such.mod","version":"1.0.0"},{"packageId":"{{id}}","version":"1.0.0"},{"packageId":"{{id}}","version":"9.0.0"},{"packageId":"{{id}}","version":"1.0.0"}]""";
        var answer = await api.Anonymous.PostJsonAsync(Path + route, body).JsonAsync();
        Assert.Equal([id, id], answer.EnumerateArray().Select(item => item.GetProperty("packageId").GetString())); // what is asked for twice is answered twice
    }

    [Theory]
    [MemberData(nameof(ByHash))]
    public async Task ByHash_UnknownItems_AreLeftOut(string route)
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        var hash = PackageHash.Text(PackageHash.Of(id));
        var answer = await api.Anonymous.PostJsonAsync(Path + route, $$"""[{"packageIdHash":"0000000000000000","version":"1.0.0"},{"packageIdHash":"{{hash.ToUpperInvariant()}}","version":"1.0.0"}]""").JsonAsync();
        Assert.Equal([hash], answer.EnumerateArray().Select(item => item.GetProperty("packageIdHash").GetString()));
        foreach (var bad in new[] { "", "ff", "zz00000000000000", "00000000000000000" })
        {
            await api.Anonymous.PostJsonAsync(Path + route, $$"""[{"packageIdHash":"0000000000000000","version":"1.0.0"},{"packageIdHash":"{{bad}}","version":"1.0.0"}]""")
                .RefusesAsync(HttpStatusCode.BadRequest, "invalid_package_id_hash", index: 1);
        }
    }

    [Theory]
    [MemberData(nameof(ById))]
    public async Task ById_BadItems_AreNamed(string route)
    {
        await ExpectAsync("""[{"packageId":"a.b","version":"1.0.0"},{"packageId":"A.b","version":"1.0.0"}]""", "invalid_package_id", 1);
        await ExpectAsync("""[{"packageId":"a.b","version":""}]""", "invalid_version", 0);
        await ExpectAsync("""[{"version":"1.0.0"}]""", "invalid_json", 0);
        await ExpectAsync("""[{"packageId":5,"version":"1.0.0"}]""", "invalid_json", 0);
        await ExpectAsync("""[{"packageId":"a\u0000b","version":"1.0.0"}]""", "invalid_json", 0);
        await ExpectAsync("""[null]""", "invalid_json", 0);
        await ExpectAsync("""["a.b"]""", "invalid_json", 0);
        await ExpectAsync("[]", "invalid_batch", null);
        await ExpectAsync(Many(501), "invalid_batch", null);
        await api.Anonymous.PostJsonAsync(Path + route, Many(500)).RefusesAsync(HttpStatusCode.OK, "[]");

        Task<JsonElement> ExpectAsync(string body, string code, int? index) => api.Anonymous.PostJsonAsync(Path + route, body).RefusesAsync(HttpStatusCode.BadRequest, code, index);
        static string Many(int count) => $"[{string.Join(',', Enumerable.Repeat("""{"packageId":"no.such.mod","version":"1.0.0"}""", count))}]";
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("download-info")]
    public async Task WithoutAVersion_AllVersions_ComeHighestFirst(string route)
    {
        var (publisher, id, other) = (api.NewPublisher(), ReloadedApi.NewId(), ReloadedApi.NewId());
        foreach (var version in new[] { "1.9.0", "1.10.0", "0.0.0.7.1", "2.0.0-rc.1", "1.10.0-beta" }) await publisher.PutPackageAsync(id, version);
        await publisher.PutPackageAsync(other);
        var answer = await api.Anonymous.PostJsonAsync(Path + route, $$"""[{"packageId":"{{id}}"},{"packageId":"{{other}}"},{"packageId":"{{id}}","version":"1.9.0"},{"packageId":"no.such.mod","version":null}]""").JsonAsync();
        Assert.Equal(["2.0.0-rc.1", "1.10.0", "1.10.0-beta", "1.9.0", "0.0.0.7.1", "1.0.0", "1.9.0"], answer.EnumerateArray().Select(item => item.GetProperty("version").GetString()));
    }

    [Fact]
    public async Task CheckUpdates_WithoutAVersionOrWithNone_Is400()
    {
        foreach (var item in new[] { """{"packageId":"a.b"}""", """{"packageId":"a.b","version":null}""", """{"packageId":"a.b","version":""}""" })
            await api.Anonymous.PostJsonAsync(Path + "check-updates", $"[{item}]").RefusesAsync(HttpStatusCode.BadRequest, "invalid_version", index: 0);
        await api.Anonymous.PostJsonAsync(Path + "check-updates-fromhash", """[{"packageIdHash":"0000000000000000"}]""").RefusesAsync(HttpStatusCode.BadRequest, "invalid_version", index: 0);
    }

    [Theory]
    [MemberData(nameof(ById))]
    public async Task ById_VersionsThatAreNone_AreLeftOutLikeAllThatAreUnknown(string route)
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        foreach (var version in new[] { "latest", "1.0", "v1.0.0", "1.0.0+build", new string('1', 65), new string('1', 300), " 1.0.0" })
        {
            var answer = await api.Anonymous.PostJsonAsync(Path + route, $$"""[{"packageId":"{{id}}","version":"1.0.0"},{"packageId":"{{id}}","version":"{{version}}"}]""").JsonAsync();
            Assert.Equal((version, 1), (version, answer.GetArrayLength()));
        }
    }

    [Fact]
    public async Task CheckUpdates_PreReleases_AreForPreReleasesAlone()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        foreach (var version in new[] { "1.0.0-alpha", "1.0.0-beta", "1.0.0", "1.1.0-rc.1" }) await publisher.PutPackageAsync(id, version);
        await ExpectAsync("1.0.0-alpha", true, "1.1.0-rc.1");
        await ExpectAsync("1.1.0-rc.1", false, "1.1.0-rc.1");
        await ExpectAsync("1.0.0", false, "1.0.0");
        await publisher.PutPackageAsync(id, "1.1.0");
        await ExpectAsync("1.0.0", true, "1.1.0");
        await ExpectAsync("1.1.0-rc.1", true, "1.1.0");
        var onlyPre = ReloadedApi.NewId();
        await publisher.PutPackageAsync(onlyPre, "1.0.0", body => body["downloadInfo"]![0]!["wasDeleted"] = true);
        await publisher.PutPackageAsync(onlyPre, "2.0.0-a");
        id = onlyPre;
        await ExpectAsync("1.0.0", false, "1.0.0"); // there is no other release
        await ExpectAsync("2.0.0-a", false, "2.0.0-a");

        async Task ExpectAsync(string version, bool hasUpdate, string latest)
        {
            var update = (await api.Anonymous.PostJsonAsync(Path + "check-updates", $$"""[{"packageId":"{{id}}","version":"{{version}}"}]""").JsonAsync())[0];
            Assert.Equal((version, hasUpdate, latest), (version, update.GetProperty("hasUpdate").GetBoolean(), update.GetProperty("latestVersion").GetString()));
            Assert.Equal(["packageId", "hasUpdate", "latestVersion"], update.EnumerateObject().Select(member => member.Name));
        }
    }

    [Fact]
    public async Task Metadata_WithoutConfigAndLanguages_HasNullAndAnEmptyList()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id, change: body => body["packageToml"] = "Name = \"日本語 😀\"\r\n\t\"");
        var answer = await api.Anonymous.PostJsonAsync(Path + "metadata", $$"""[{"packageId":"{{id}}","version":"1.0.0"}]""").JsonAsync();
        Assert.Equal(["packageId", "packageIdHash", "version", "packageToml", "configToml", "languageFiles"], answer[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal("Name = \"日本語 😀\"\r\n\t\"", answer[0].GetProperty("packageToml").GetString());
        Assert.Equal((JsonValueKind.Null, 0), (answer[0].GetProperty("configToml").ValueKind, answer[0].GetProperty("languageFiles").GetArrayLength()));
    }

    [Fact]
    public async Task Answer_ThatWouldBeTooLarge_Is400()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id, change: body => body["packageToml"] = new string('x', 262_144));
        var item = $$"""{"packageId":"{{id}}","version":"1.0.0"}""";
        var most = await api.Anonymous.PostJsonAsync(Path + "metadata", $"[{string.Join(',', Enumerable.Repeat(item, 31))}]").JsonAsync();
        Assert.Equal(31, most.GetArrayLength());
        await api.Anonymous.PostJsonAsync(Path + "metadata", $"[{string.Join(',', Enumerable.Repeat(item, 32))}]").RefusesAsync(HttpStatusCode.BadRequest, "invalid_batch", index: null);
    }

    [Fact]
    public async Task Answer_OfAsManyUsualItemsAsABatchHas_IsGiven()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id, change: body => body["packageToml"] = new string('x', 16_000));
        var item = $$"""{"packageId":"{{id}}","version":"1.0.0"}""";
        var answer = await api.Anonymous.PostJsonAsync(Path + "metadata", $"[{string.Join(',', Enumerable.Repeat(item, 500))}]").JsonAsync();
        Assert.Equal(500, answer.GetArrayLength());
    }

    [Theory]
    [InlineData("metadata", 1_000)]
    [InlineData("metadata", 262_144)]
    [InlineData("download-info", 1_000)]
    public async Task Answers_WhenOthersTakeAllTheMemory_Are503_UntilThatEnds(string route, int tomlLength)
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id, change: body => body["packageToml"] = new string('x', tomlLength));
        var body = $"[{string.Join(',', Enumerable.Repeat($$"""{"packageId":"{{id}}","version":"1.0.0"}""", 10))}]";
        var memory = api.Services.GetRequiredService<AnswerMemory>();
        await NothingTakenAsync();
        using (memory.TryTake(AnswerMemory.CapacityBytes))
        {
            using var refused = await api.Anonymous.PostJsonAsync(Path + route, body);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            await Task.FromResult(refused).RefusesAsync(HttpStatusCode.ServiceUnavailable, "unavailable", index: null);
        }

        Assert.Equal(10, (await api.Anonymous.PostJsonAsync(Path + route, body).JsonAsync()).GetArrayLength());
        await NothingTakenAsync(); // an answer that was read whole gives back what it took

        Task NothingTakenAsync() => api.WaitUntilAsync(() => Task.FromResult(memory.TakenBytes == 0), TimeSpan.FromSeconds(30), "no answer takes memory");
    }

    [Fact]
    public async Task Translations_OfPackages_ComeByPackage()
    {
        var (publisher, id, without) = (api.NewPublisher(), ReloadedApi.NewId(), ReloadedApi.NewId());
        await publisher.PutPackageAsync($"{id}.b", change: body => Translate(body, id, "de", "Deutsch"));
        await publisher.PutPackageAsync($"{id}.a", change: body => Translate(body, id, "uwu-en", "UwU"));
        await publisher.PutPackageAsync($"{id}.a", "2.0.0", body => Translate(body, id, "fr-FR", "Français"));
        await publisher.PutPackageAsync($"{id}.gone", change: body =>
        {
            Translate(body, id, "ja", "日本語");
            body["downloadInfo"]![0]!["wasDeleted"] = true;
        });
        await api.Anonymous.PostJsonAsync(Path + "translations", $"""["{without}","{id}","{without}"]""").RefusesAsync(
            HttpStatusCode.OK,
            $$"""{"{{without}}":[],"{{id}}":[{"packageId":"{{id}}.b","languageCode":"de","friendlyName":"Deutsch"},{"packageId":"{{id}}.a","languageCode":"fr-FR","friendlyName":"Français"}]}""");
        await api.Anonymous.PostJsonAsync(Path + "translations", "[]").RefusesAsync(HttpStatusCode.BadRequest, "invalid_batch", index: null);
        await api.Anonymous.PostJsonAsync(Path + "translations", """["a.b","A"]""").RefusesAsync(HttpStatusCode.BadRequest, "invalid_package_id", index: 1);
        await api.Anonymous.PostJsonAsync(Path + "translations", """["a.b",5]""").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: 1);
        await api.Anonymous.PostJsonAsync(Path + "translations", """["a.b",null]""").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: 1);

        static void Translate(System.Text.Json.Nodes.JsonObject body, string of, string code, string name) => (body["translationOf"], body["languageCode"], body["friendlyName"]) = (of, code, name);
    }
}
