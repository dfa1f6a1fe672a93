using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Reloaded.Packages;

public sealed class PublishPackageTests(ReloadedApi api) : IClassFixture<ReloadedApi>
{
    private const string Path = "/api/packages/";

    [Fact]
    public async Task Put_New_IsCreatedAndServed()
    {
        var publisher = api.NewPublisher();
        var id = ReloadedApi.NewId();
        using var answer = await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/1.0.0", ReloadedApi.Version().ToJsonString());
        Assert.Equal((HttpStatusCode.Created, $"{Path}{id}/1.0.0"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var page = await Task.FromResult(answer).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(PackageHash.Text(PackageHash.Of(id)), page.GetProperty("packageIdHash").GetString());
        Assert.False(page.GetProperty("onHold").GetBoolean());
        Assert.Equal("GitHub", page.GetProperty("trustedSite").GetString());
        var served = await api.Anonymous.GetJsonAsync($"{Path}{id}/1.0.0").JsonAsync();
        Assert.Equal(page.GetRawText(), served.GetRawText());
        await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Path}{id}/1.0.0")).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Put_TheSameAgain_ChangesNothing_AndAnotherContentIs409()
    {
        var publisher = api.NewPublisher();
        var id = ReloadedApi.NewId();
        await publisher.PutPackageAsync(id);
        await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/1.0.0", ReloadedApi.Version().ToJsonString()).JsonAsync();
        foreach (var change in new Action<JsonObject>[] { body => body["packageToml"] = "Name = \"B\"", body => body["configToml"] = "", body => body["downloadInfo"]![0]!["fileSize"] = 11 })
        {
            await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/1.0.0", ReloadedApi.Version(change).ToJsonString())
                .RefusesAsync(HttpStatusCode.Conflict, "package_version_exists", index: null);
        }

        await publisher.SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/1.0.0", """{"downloadInfo":[{"type":"GitHub","userName":"Sewer56","repositoryName":"a-mod","assetId":1,"fileSize":10,"xxhash3":"18364758544493064721","wasDeleted":true}]}""").JsonAsync();
        var kept = await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/1.0.0", ReloadedApi.Version().ToJsonString()).JsonAsync();
        Assert.True(kept.GetProperty("downloadInfo")[0].GetProperty("wasDeleted").GetBoolean()); // what changed since stays
    }

    [Fact]
    public async Task Put_AtOnceByTwo_BelongsToOne()
    {
        var id = ReloadedApi.NewId();
        var publishers = Enumerable.Range(0, 8).Select(_ => api.NewPublisher()).ToArray();
        var answers = await Task.WhenAll(publishers.Select((publisher, i) => publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/1.0.{i}", ReloadedApi.Version().ToJsonString())));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task Put_TheSameVersionAtOnce_IsThereOnce()
    {
        var id = ReloadedApi.NewId();
        var publisher = api.NewPublisher();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/1.0.0", ReloadedApi.Version().ToJsonString())));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Put_ByOthers_IsRefusedBeforeTheBodyIsRead()
    {
        var id = ReloadedApi.NewId();
        await api.NewPublisher().PutPackageAsync(id);
        await PutAsync(api.Anonymous).RefusesAsync(HttpStatusCode.Unauthorized, "unauthenticated", index: null);
        await PutAsync(api.NewPublisher(Role.Player)).RefusesAsync(HttpStatusCode.Forbidden, "role_required", index: null);
        await PutAsync(api.NewPublisher(Role.ServerOwner, Scopes.PacksPublish)).RefusesAsync(HttpStatusCode.Forbidden, "scope_required", index: null);
        await PutAsync(api.NewPublisher()).RefusesAsync(HttpStatusCode.Forbidden, "not_owner", index: null);
        await api.NewPublisher().SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/1.0.0", "{").RefusesAsync(HttpStatusCode.Forbidden, "not_owner", index: null);
        await api.NewPublisher().SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/9.0.0", "{").RefusesAsync(HttpStatusCode.NotFound, "not_found", index: null);
        await api.NewPublisher().SendJsonAsync(HttpMethod.Patch, $"{Path}no.such.package/1.0.0", "{").RefusesAsync(HttpStatusCode.NotFound, "not_found", index: null);

        Task<HttpResponseMessage> PutAsync(HttpClient client) => client.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/2.0.0", "{");
    }

    [Fact]
    public async Task Put_AnIdWithTheHashOfAnother_Is409()
    {
        var publisher = api.NewPublisher();
        var (first, second) = (ReloadedApi.NewId(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(first);
        await api.ExecuteAsync("UPDATE reloaded_packages SET id_hash = $1 WHERE id = $2", PackageHash.Column(PackageHash.Of(second)), first); // nobody has found two such ids yet
        await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{second}/1.0.0", ReloadedApi.Version().ToJsonString()).RefusesAsync(HttpStatusCode.Conflict, "package_hash_taken", index: null);
    }

    [Theory]
    [InlineData("Upper.Case", "1.0.0", "invalid_package_id")]
    [InlineData("a..b", "1.0.0", "invalid_package_id")]
    [InlineData("a.b%20c", "1.0.0", "invalid_package_id")]
    [InlineData("a.b", "1.0", "invalid_version")]
    [InlineData("a.b", "1.0.0+build", "invalid_version")]
    public async Task Put_BadNames_AreRefused(string id, string version, string code) =>
        await api.NewPublisher().SendJsonAsync(HttpMethod.Put, $"{Path}{id}/{version}", ReloadedApi.Version().ToJsonString()).RefusesAsync(HttpStatusCode.BadRequest, code, index: null);

    [Theory]
    [InlineData("""{ "packageToml": "" }""", "invalid_package_toml")]
    [InlineData("""{ "packageToml": "Id = \"another.id\"" }""", "invalid_package_toml")]
    [InlineData("""{ "packageToml": null }""", "invalid_json")]
    [InlineData("""{ "languageFiles": [null] }""", "invalid_language_files")]
    [InlineData("""{ "languageFiles": [{ "path": "../x.toml", "data": "" }] }""", "invalid_language_files")]
    [InlineData("""{ "languageFiles": [{ "path": "a.txt", "data": "" }] }""", "invalid_language_files")]
    [InlineData("""{ "languageFiles": [{ "path": "a.toml", "data": "" }, { "path": "A.toml", "data": "" }] }""", "invalid_language_files")]
    [InlineData("""{ "updateSourceData": { "GitHub": { "UserName": "", "RepositoryName": "b" } } }""", "invalid_update_source_data")]
    [InlineData("""{ "updateSourceData": { "GitHub": { "UserName": "a" } } }""", "invalid_json")]
    [InlineData("""{ "updateSourceData": { "Nexus": { "GameId": 4294967296, "Id": 1 } } }""", "invalid_json")]
    [InlineData("""{ "downloadInfo": [] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [null] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [{ "type": "FTP", "fileSize": 1, "xxhash3": 1 }] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [{ "type": "GameBanana", "fileSize": 1, "xxhash3": 1 }] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [{ "type": "GameBanana", "idRow": 1, "fileSize": -1, "xxhash3": 1 }] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [{ "type": "GameBanana", "idRow": 1, "fileSize": 1, "xxhash3": 18446744073709551616 }] }""", "invalid_json")]
    [InlineData("""{ "downloadInfo": [{ "type": "GameBanana", "idRow": 1, "fileSize": 1, "xxhash3": 1.5 }] }""", "invalid_json")]
    [InlineData("""{ "downloadInfo": [{ "type": "NexusMods", "uid": "01", "fileSize": 1, "xxhash3": 1 }] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [{ "type": "NexusMods", "uid": "18446744073709551616", "fileSize": 1, "xxhash3": 1 }] }""", "invalid_download_info")]
    [InlineData("""{ "downloadInfo": [{ "type": "NexusMods", "uid": 5, "fileSize": 1, "xxhash3": 1 }] }""", "invalid_json")]
    [InlineData("""{ "downloadInfo": [{ "type": "GitHub", "userName": "a", "repositoryName": "b", "assetId": 1, "idRow": 2, "fileSize": 1, "xxhash3": 1 }] }""", "invalid_download_info")]
    [InlineData("""{ "deltaUpdates": [{ "fromVersion": "x", "downloadInfo": [] }] }""", "invalid_delta_updates")]
    [InlineData("""{ "deltaUpdates": [{ "fromVersion": "0.9.0", "downloadInfo": [] }] }""", "invalid_delta_updates")]
    [InlineData("""{ "translationOf": "a.b" }""", "invalid_language_code")]
    [InlineData("""{ "translationOf": "a.b", "languageCode": "German", "friendlyName": "Deutsch" }""", "invalid_language_code")]
    [InlineData("""{ "languageCode": "de", "friendlyName": "Deutsch" }""", "invalid_translation_of")]
    [InlineData("""{ "translationOf": "a.b", "languageCode": "de", "friendlyName": "" }""", "invalid_friendly_name")]
    public async Task Put_BadMembers_AreRefused(string members, string code)
    {
        var body = ReloadedApi.Version(body =>
        {
            foreach (var (name, value) in JsonNode.Parse(members)!.AsObject()) body[name] = value?.DeepClone();
        });
        var error = await api.NewPublisher().SendJsonAsync(HttpMethod.Put, $"{Path}{ReloadedApi.NewId()}/1.0.0", body.ToJsonString()).RefusesAsync(HttpStatusCode.BadRequest, code, index: null);
        Assert.Contains(JsonNode.Parse(members)!.AsObject().First().Key, error.GetProperty("error").GetString() + " " + members, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_BigBodies_HaveTheirLimits()
    {
        var publisher = api.NewPublisher();
        JsonArray Languages(int count, int length) => [.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject { ["path"] = $"languages/{i}.toml", ["data"] = new string('x', length) })];
        await publisher.PutPackageAsync(ReloadedApi.NewId(), change: body => body["languageFiles"] = Languages(16, 262_144));
        foreach (var (count, length) in new[] { (17, 262_144), (201, 1), (1, 262_145) })
        {
            var body = ReloadedApi.Version(body => body["languageFiles"] = Languages(count, length)).ToJsonString();
            await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{ReloadedApi.NewId()}/1.0.0", body).RefusesAsync(HttpStatusCode.BadRequest, "invalid_language_files", index: null);
        }

        var tooLong = ReloadedApi.Version(body => body["packageToml"] = new string('x', 8_500_000)).ToJsonString();
        await publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{ReloadedApi.NewId()}/1.0.0", tooLong).RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "too_large", index: null);
    }

    [Fact]
    public async Task Put_New_IsWrittenIntoTheAuditLog()
    {
        await using var audit = await api.ObserveAsync<AuditRecorded>();
        var id = ReloadedApi.NewId();
        await api.NewPublisher().PutPackageAsync(id);
        var entry = await audit.FirstAsync(entry => entry.Target == $"package:{id}@1.0.0");
        Assert.Equal(AuditActions.PackagePublished, entry.Action);
    }

    [Fact]
    public async Task Hold_OfANewSite_EndsWhenTheTrustedSiteAgrees()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        var held = await publisher.PutPackageAsync(id, "2.0.0", body => body["downloadInfo"] = JsonNode.Parse("""[{ "type": "NexusMods", "uid": "1", "fileSize": 10, "xxhash3": 7 }]"""));
        Assert.True(held.GetProperty("onHold").GetBoolean());

        // Nobody but the owner sees it, and it is not the latest.
        await api.Anonymous.GetJsonAsync($"{Path}{id}/2.0.0").RefusesAsync(HttpStatusCode.NotFound, "not_found", index: null);
        foreach (var route in new[] { "metadata", "download-info", "check-updates" })
            await api.Anonymous.PostJsonAsync(Path + route, $$"""[{"packageId":"{{id}}","version":"2.0.0"}]""").RefusesAsync(HttpStatusCode.OK, "[]");
        var versions = await api.Anonymous.PostJsonAsync(Path + "download-info", $$"""[{"packageId":"{{id}}"}]""").JsonAsync();
        Assert.Equal(["1.0.0"], versions.EnumerateArray().Select(version => version.GetProperty("version").GetString()));
        Assert.Equal("1.0.0", await LatestAsync(id, "1.0.0"));
        Assert.False((await publisher.GetJsonAsync($"{Path}{id}/2.0.0").JsonAsync()).GetProperty("onHoldTooLong").GetBoolean());
        api.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.True((await publisher.GetJsonAsync($"{Path}{id}/2.0.0").JsonAsync()).GetProperty("onHoldTooLong").GetBoolean());

        // The trusted site shows it, but its page does not allow the other site.
        var shown = await EditAsync(publisher, id, "2.0.0", """{"downloadInfo":[{"type":"GitHub","userName":"Sewer56","repositoryName":"a-mod","assetId":2,"fileSize":10,"xxhash3":7}]}""");
        Assert.True(shown.GetProperty("onHold").GetBoolean());
        var allowed = await EditAsync(publisher, id, "2.0.0", """{"updateSourceData":{"GitHub":{"UserName":"Sewer56","RepositoryName":"a-mod"},"Nexus":{"GameId":1,"Id":2}}}""");
        Assert.False(allowed.GetProperty("onHold").GetBoolean());
        Assert.Equal("2.0.0", await LatestAsync(id, "1.0.0"));
    }

    [Theory]
    [InlineData(""" { "GitHub": { "UserName": "a", "RepositoryName": "b" } } """, "GitHub NexusMods", true)] // its page does not allow the other site
    [InlineData(""" { "Nexus": { "GameId": 1, "Id": 2 } } """, "-GitHub NexusMods", true)] // the trusted site has it no more
    [InlineData(""" { "Nexus": { "GameId": 1, "Id": 2 } } """, "NexusMods", true)]
    [InlineData(""" { "GitHub": { "UserName": "a", "RepositoryName": "b" } } """, "-GitHub", true)]
    [InlineData(""" { "Nexus": { "GameId": 1, "Id": 2 } } """, "NexusMods GitHub", false)]
    [InlineData("{}", "GitHub", false)] // from no new site
    public async Task Hold_OfAFurtherVersion_IsDecidedAsWhenItIsEdited(string source, string sites, bool isHeld)
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        var published = await publisher.PutPackageAsync(id, "2.0.0", Change);
        Assert.Equal((sites, isHeld), (sites, published.GetProperty("onHold").GetBoolean()));
        var first = await publisher.PutPackageAsync(ReloadedApi.NewId(), "2.0.0", Change); // which says what is trusted
        Assert.False(first.GetProperty("onHold").GetBoolean());

        void Change(JsonObject body)
        {
            body["updateSourceData"] = JsonNode.Parse(source);
            body["downloadInfo"] = new JsonArray([.. sites.Split(' ').Select(site => JsonNode.Parse(
                site == "NexusMods" ? """{ "type": "NexusMods", "uid": "1", "fileSize": 10, "xxhash3": 7 }""" : File("GitHub", 10, "7", wasDeleted: site[0] == '-')))]);
        }
    }

    [Fact]
    public async Task Deletion_OfFiles_IsToldPerSite_AndOnlyTheSameFileComesBack()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        await publisher.PutPackageAsync(id, "2.0.0", body =>
        {
            body["updateSourceData"]!["GameBanana"] = JsonNode.Parse("""{ "ItemType": "Mod", "ItemId": 5 }""");
            body["downloadInfo"]!.AsArray().Add(JsonNode.Parse("""{ "type": "GameBanana", "idRow": 5, "fileSize": 20, "xxhash3": 9 }"""));
        });

        var gone = await EditAsync(publisher, id, "2.0.0", $$"""{"downloadInfo":[{{File("GameBanana", 20, "9", wasDeleted: true)}}]}""");
        Assert.Equal([false, true], gone.GetProperty("downloadInfo").EnumerateArray().Select(file => file.GetProperty("wasDeleted").GetBoolean()));
        Assert.Equal("2.0.0", await LatestAsync(id, "1.0.0")); // another site has it still
        await EditAsync(publisher, id, "2.0.0", $$"""{"downloadInfo":[{{File("GitHub", 10, "18364758544493064721", wasDeleted: true)}}]}""");
        Assert.Equal("1.0.0", await LatestAsync(id, "1.0.0")); // no site has it
        var listed = await api.Anonymous.PostJsonAsync(Path + "download-info", $$"""[{"packageId":"{{id}}","version":"2.0.0"}]""").JsonAsync();
        Assert.Equal(2, listed[0].GetProperty("downloadInfo").GetArrayLength());

        foreach (var other in new[] { File("GameBanana", 20, "10"), File("GameBanana", 21, "9"), File("GameBanana", 20, "10", idRow: 6) })
        {
            await publisher.SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/2.0.0", $$"""{"downloadInfo":[{{other}}]}""").RefusesAsync(HttpStatusCode.Conflict, "file_changed", index: null);
        }

        Assert.Equal("1.0.0", await LatestAsync(id, "1.0.0"));
        var again = await EditAsync(publisher, id, "2.0.0", $$"""{"downloadInfo":[{{File("GameBanana", 20, "9", idRow: 6)}}]}"""); // under another number
        Assert.Equal([true, true, false], again.GetProperty("downloadInfo").EnumerateArray().Select(file => file.GetProperty("wasDeleted").GetBoolean()));
        Assert.Equal("2.0.0", await LatestAsync(id, "1.0.0"));
        var first = await EditAsync(publisher, id, "2.0.0", $$"""{"downloadInfo":[{{File("GameBanana", 20, "9")}}]}""");
        Assert.Equal([true, false, false], first.GetProperty("downloadInfo").EnumerateArray().Select(file => file.GetProperty("wasDeleted").GetBoolean()));
    }

    [Fact]
    public async Task Deltas_ThatAreAdded_AreServed_AndDoNotChange()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id, "2.0.0");
        await EditAsync(publisher, id, "2.0.0", $$"""{"deltaUpdates":[{"fromVersion":"1.0.0","downloadInfo":[{{File("GameBanana", 5, "3")}}]}]}""");
        await EditAsync(publisher, id, "2.0.0", $$"""{"deltaUpdates":[{"fromVersion":"1.1.0","downloadInfo":[{{File("GameBanana", 6, "4", idRow: 8)}}]},{"fromVersion":"1.0.0","downloadInfo":[{{File("GameBanana", 5, "3", wasDeleted: true)}}]}]}""");
        var deltas = (await api.Anonymous.PostJsonAsync(Path + "download-info", $$"""[{"packageId":"{{id}}","version":"2.0.0"}]""").JsonAsync())[0].GetProperty("deltaUpdates");
        Assert.Equal([("1.0.0", true), ("1.1.0", false)], deltas.EnumerateArray().Select(delta => (delta.GetProperty("fromVersion").GetString()!, delta.GetProperty("downloadInfo")[0].GetProperty("wasDeleted").GetBoolean())));
        await publisher.SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/2.0.0", $$"""{"deltaUpdates":[{"fromVersion":"1.0.0","downloadInfo":[{{File("GameBanana", 5, "4")}}]}]}""").RefusesAsync(HttpStatusCode.Conflict, "file_changed", index: null);
        await publisher.SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/2.0.0", """{"downloadInfo":[]}""").RefusesAsync(HttpStatusCode.BadRequest, "invalid_download_info", index: null);
    }

    private async Task<string?> LatestAsync(string id, string version) =>
        (await api.Anonymous.PostJsonAsync(Path + "check-updates", $$"""[{"packageId":"{{id}}","version":"{{version}}"}]""").JsonAsync())[0].GetProperty("latestVersion").GetString();

    private static Task<JsonElement> EditAsync(HttpClient publisher, string id, string version, string body) => publisher.SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/{version}", body).JsonAsync();

    private static string File(string type, int size, string hash, bool wasDeleted = false, int idRow = 5)
    {
        var number = type == "GitHub" ? "\"userName\":\"Sewer56\",\"repositoryName\":\"a-mod\",\"assetId\":1" : $"\"idRow\":{idRow}";
        return $"{{\"type\":\"{type}\",{number},\"fileSize\":{size},\"xxhash3\":{hash},\"wasDeleted\":{(wasDeleted ? "true" : "false")}}}";
    }
}
