using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.Reloaded.Compatibility;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Reloaded.Compatibility;

public sealed class CompatibilityTests(ReloadedApi api) : IClassFixture<ReloadedApi>
{
    private const string Path = "/api/compatibility";

    [Fact]
    public async Task Post_UnknownNames_AnswersInTheDocumentsOrder()
    {
        var (id, game) = await NewAsync();
        await api.Anonymous.PostJsonAsync(Path, Report("no.such.mod", "9.0.0", "NoSuchGame", 99)).RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized gameId"}""");
        await api.Anonymous.PostJsonAsync(Path, Report("no.such.mod", "9.0.0", game, 99)).RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized gameVersionId"}""");
        await api.Anonymous.PostJsonAsync(Path, Report("no.such.mod", "9.0.0", game, 1)).RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized packageId"}""");
        await api.Anonymous.PostJsonAsync(Path, Report(id, "9.0.0", game, 1)).RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized packageVersion"}""");
        await api.Anonymous.PostJsonAsync(Path, Report(id, "1.0.0", game.ToUpperInvariant(), 1)).RefusesAsync(HttpStatusCode.OK, """{"recorded":1}""");
        Assert.Equal((1, 0), await CountsAsync(id, game, 1));
    }

    [Theory]
    [InlineData("""{"packageVersion":"1.0.0","gameId":"g","gameVersionId":1}""", "invalid_json")]
    [InlineData("""{"packageId":"a.b","packageVersion":"1.0.0","gameId":"g","gameVersionId":"1"}""", "invalid_json")]
    [InlineData("""{"packageId":"a.b","packageVersion":"1.0.0","gameId":"g","gameVersionId":-1}""", "invalid_json")]
    [InlineData("""{"packageId":"a.b","packageVersion":"1.0.0","gameId":"g","gameVersionId":4294967296}""", "invalid_json")]
    [InlineData("""{"packageId":"a.b","packageVersion":"1.0.0","gameId":"g","gameVersionId":1,"success":"yes"}""", "invalid_json")]
    [InlineData("""{"packageId":"A.b","packageVersion":"1.0.0","gameId":"g","gameVersionId":1}""", "invalid_package_id")]
    public async Task Post_BadReports_AreRefused(string body, string code)
    {
        await api.Anonymous.PostJsonAsync(Path, body).RefusesAsync(HttpStatusCode.BadRequest, code, index: null);
        await api.Anonymous.PostJsonAsync(Path + "/batch", $"[{Report("no.such.mod", "1.0.0", "NoSuchGame", 1)},{body}]").RefusesAsync(HttpStatusCode.BadRequest, code, index: 1); // before anything unknown is looked for
    }

    [Fact]
    public async Task Batch_WithOneThatIsUnknown_RecordsNone()
    {
        var (id, game) = await NewAsync();
        var good = Report(id, "1.0.0", game, 1);
        await PostAsync($"[{good},{Report(id, "9.0.0", game, 1)},{Report(id, "1.0.0", "NoSuchGame", 1)}]").RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized packageVersion","index":1}""");
        await PostAsync($"[{good},{good},{Report("no.such.mod", "1.0.0", "NoSuchGame", 1)}]").RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized gameId","index":2}""");
        Assert.Equal((0, 0), await CountsAsync(id, game, 1));
        await PostAsync("[]").RefusesAsync(HttpStatusCode.BadRequest, "invalid_batch", index: null);
        await PostAsync($"[{string.Join(',', Enumerable.Repeat(good, 501))}]").RefusesAsync(HttpStatusCode.BadRequest, "invalid_batch", index: null);

        Task<HttpResponseMessage> PostAsync(string body) => api.Anonymous.PostJsonAsync(Path + "/batch", body);
    }

    [Fact]
    public async Task Batch_Of500_IsRecorded_AndItsLastWordCounts()
    {
        var (id, game) = await NewAsync();
        var reports = Enumerable.Range(0, 500).Select(i => Report(id, "1.0.0", game, (uint)(i % 3), success: i < 498));
        await api.Anonymous.PostJsonAsync(Path + "/batch", $"[{string.Join(',', reports)}]").RefusesAsync(HttpStatusCode.OK, """{"recorded":3}""");
        Assert.Equal((0, 1), await CountsAsync(id, game, 0)); // the 498th was a failure
        Assert.Equal((0, 1), await CountsAsync(id, game, 1));
        Assert.Equal((1, 0), await CountsAsync(id, game, 2));
    }

    [Fact]
    public async Task Reporter_OncePerDay_ReplacesItsReport()
    {
        var (id, game) = await NewAsync();
        await PostAsync("192.0.2.1", success: true);
        await PostAsync("192.0.2.1", success: true);
        Assert.Equal((1, 0), await CountsAsync(id, game, 1));
        await PostAsync("192.0.2.1", success: false);
        Assert.Equal((0, 1), await CountsAsync(id, game, 1));
        await PostAsync("192.0.2.2", success: false);
        await PostAsync("2001:db8:1:2:3::4", success: true);
        await PostAsync("2001:db8:1:2:5::6", success: true); // the same subscriber
        await PostAsync("2001:db8:1:3::1", success: true);
        Assert.Equal((2, 2), await CountsAsync(id, game, 1));
        api.Clock.Advance(TimeSpan.FromDays(1));
        await PostAsync("192.0.2.1", success: false);
        Assert.Equal((2, 3), await CountsAsync(id, game, 1)); // another day, another report

        async Task PostAsync(string address, bool success) => await api.Anonymous.PostJsonAsync(Path, Report(id, "1.0.0", game, 1, success), address).JsonAsync();
    }

    [Fact]
    public async Task Reporters_ManyAtOnce_AreAllCounted()
    {
        var (id, game) = await NewAsync();
        var posts = Enumerable.Range(0, 60).Select(i => api.Anonymous.PostJsonAsync(Path + "/batch", $"[{Report(id, "1.0.0", game, (uint)(i % 2), i % 3 > 0)},{Report(id, "1.0.0", game, (uint)((i + 1) % 2), i % 3 > 0)}]", $"203.0.113.{i}"));
        foreach (var answer in await Task.WhenAll(posts)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((40, 20), await CountsAsync(id, game, 0));
        Assert.Equal((40, 20), await CountsAsync(id, game, 1));
    }

    [Fact]
    public async Task Reporters_OfAPastDay_CannotBeFoundOut()
    {
        var (id, game) = await NewAsync();
        await api.Anonymous.PostJsonAsync(Path, Report(id, "1.0.0", game, 1), "192.0.2.77").JsonAsync();
        var today = DateOnly.FromDateTime(api.Clock.GetUtcNow().UtcDateTime);
        var hash = await api.ScalarAsync<byte[]>("SELECT r.reporter FROM reloaded_reports r JOIN reloaded_versions v ON v.id = r.version_id JOIN reloaded_packages p ON p.position = v.package WHERE p.id = $1", id);
        Assert.Equal(16, hash!.Length);
        var key = await api.ScalarAsync<byte[]>("SELECT key FROM reloaded_reporter_keys WHERE day = $1", today);

        // The database alone does not lead to the address: the key needs the hub's secret too. Nor does the address stand anywhere in it.
        Assert.NotEqual(hash, System.Security.Cryptography.HMACSHA256.HashData(key!, "192.0.2.77"u8)[..16]);

        api.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        await api.Services.GetRequiredService<Reporters>().ForgetAsync(CancellationToken.None);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM reloaded_reports WHERE day <= $1", today));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM reloaded_reporter_keys WHERE day <= $1", today));
        Assert.Equal((1, 0), await CountsAsync(id, game, 1)); // the sum stays
    }

    [Fact]
    public async Task Get_WithSomeParameters_ListsWhatThereIs()
    {
        var (id, game) = await NewAsync();
        await api.NewPublisher().PutPackageAsync($"{id}.other");
        await api.Anonymous.PostJsonAsync(Path + "/batch", $"[{Report(id, "1.0.0", game, 0)},{Report(id, "1.0.0", game, 1, success: false)},{Report($"{id}.other", "1.0.0", game, 1)}]").JsonAsync();
        await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}").RefusesAsync(HttpStatusCode.OK, $"[{Counts(0, 1, 0)},{Counts(1, 0, 1)}]");
        await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}&packageVersion=1.0.0&gameId={game.ToUpperInvariant()}").RefusesAsync(HttpStatusCode.OK, $"[{Counts(0, 1, 0)},{Counts(1, 0, 1)}]");
        await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}&gameVersionId=1").RefusesAsync(HttpStatusCode.OK, $"[{Counts(1, 0, 1)}]");
        await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}&packageVersion=1.0.0&gameId={game}&gameVersionId=2").RefusesAsync(HttpStatusCode.OK, Counts(2, 0, 0));

        string Counts(int version, int successes, int failures) =>
            $$"""{"packageId":"{{id}}","packageVersion":"1.0.0","gameId":"{{game}}","gameVersionId":{{version}},"successCount":{{successes}},"failureCount":{{failures}}}""";
    }

    [Fact]
    public async Task Get_UnknownOrBadParameters_AreRefusedAsInPost()
    {
        var (id, game) = await NewAsync();
        await api.Anonymous.GetJsonAsync(Path).RefusesAsync(HttpStatusCode.BadRequest, "invalid_package_id", index: null);
        await api.Anonymous.GetJsonAsync($"{Path}?packageId=A").RefusesAsync(HttpStatusCode.BadRequest, "invalid_package_id", index: null);
        await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}&packageId={id}").RefusesAsync(HttpStatusCode.BadRequest, "invalid_package_id", index: null);
        foreach (var number in new[] { "x", "", "-1", "1.0", "4294967296", "%2B1", "1&gameVersionId=2" })
            await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}&gameVersionId={number}").RefusesAsync(HttpStatusCode.BadRequest, "invalid_game_version_id", index: null);
        await RefusesAsync($"packageId=no.such.mod&packageVersion=1.0.0&gameId=NoSuchGame&gameVersionId=1", "gameId");
        await RefusesAsync($"packageId=no.such.mod&packageVersion=1.0.0&gameId={game}&gameVersionId=9", "gameVersionId");
        await RefusesAsync($"packageId=no.such.mod&packageVersion=1.0.0&gameId={game}&gameVersionId=1", "packageId");
        await RefusesAsync($"packageId={id}&packageVersion=9.0.0&gameId={game}&gameVersionId=1", "packageVersion");
        await RefusesAsync($"packageId={id}&packageVersion=%00", "packageVersion");
        await RefusesAsync($"packageId={id}&gameId=", "gameId");

        Task RefusesAsync(string query, string name) => api.Anonymous.GetJsonAsync($"{Path}?{query}").RefusesAsync(HttpStatusCode.NotFound, $$"""{"error":"Unrecognized {{name}}"}""");
    }

    [Fact]
    public async Task Game_PutAgain_ReplacesItsVersions_AndKeepsReports()
    {
        var (id, game) = await NewAsync();
        await api.Anonymous.PostJsonAsync(Path, Report(id, "1.0.0", game, 2)).JsonAsync();
        await api.PutGameAsync(game, null, 0, 1);
        await api.Anonymous.PostJsonAsync(Path, Report(id, "1.0.0", game, 2)).RefusesAsync(HttpStatusCode.NotFound, """{"error":"Unrecognized gameVersionId"}""");
        await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}").RefusesAsync(HttpStatusCode.OK, "[]");
        await api.PutGameAsync(game, null, 0, 1, 2);
        Assert.Equal((1, 0), await CountsAsync(id, game, 2));
    }

    [Fact]
    public async Task Games_AreListed_AndPutByAdminsAlone()
    {
        var game = $"Game-{Guid.NewGuid():N}";
        var body = """{"name":"A game","steamGridDbGameId":7,"versions":[{"id":1,"friendlyName":"b"},{"id":0,"friendlyName":"a"}]}""";
        await api.NewPublisher().SendJsonAsync(HttpMethod.Put, $"/api/games/{game}", body).RefusesAsync(HttpStatusCode.Forbidden, "role_required", index: null);
        await api.Anonymous.SendJsonAsync(HttpMethod.Put, $"/api/games/{game}", body).RefusesAsync(HttpStatusCode.Unauthorized, "unauthenticated", index: null);
        using var admin = api.NewPublisher(Role.Admin);
        var known = $$"""{"gameId":"{{game}}","name":"A game","steamGridDbGameId":7,"versions":[{"id":0,"friendlyName":"a"},{"id":1,"friendlyName":"b"}]}""";
        await admin.SendJsonAsync(HttpMethod.Put, $"/api/games/{game}", body).RefusesAsync(HttpStatusCode.Created, known);
        await admin.SendJsonAsync(HttpMethod.Put, $"/api/games/{game}", body).RefusesAsync(HttpStatusCode.OK, known);
        Assert.Contains(known, await ListedAsync());
        foreach (var (bad, code) in new[]
        {
            ("""{"name":"","versions":[]}""", "invalid_name"), ("""{"name":"a","versions":[null]}""", "invalid_versions"), ("""{"name":"a","versions":[{"id":1,"friendlyName":""}]}""", "invalid_versions"),
            ("""{"name":"a","versions":[{"id":1,"friendlyName":"a"},{"id":1,"friendlyName":"b"}]}""", "invalid_versions"), ("""{"name":"a","versions":[{"id":-1,"friendlyName":"a"}]}""", "invalid_json"),
        })
        {
            await admin.SendJsonAsync(HttpMethod.Put, $"/api/games/{game}", bad).RefusesAsync(HttpStatusCode.BadRequest, code, index: null);
        }

        foreach (var name in new[] { "12", "a%20b", "-a", new string('a', 101) })
            await admin.SendJsonAsync(HttpMethod.Put, $"/api/games/{name}", body).RefusesAsync(HttpStatusCode.BadRequest, "invalid_game_id", index: null);
        await api.Anonymous.GetJsonAsync("/api/games?limit=0").RefusesAsync(HttpStatusCode.BadRequest, "invalid_limit", index: null);

        async Task<List<string>> ListedAsync()
        {
            var games = new List<string>();
            for (var next = "?limit=1"; next is not null;)
            {
                var page = await api.Anonymous.GetJsonAsync($"/api/games{next}").JsonAsync();
                games.AddRange(page.GetProperty("games").EnumerateArray().Select(one => one.GetRawText()));
                next = page.GetProperty("hasMore").GetBoolean() ? $"?limit=1&cursor={page.GetProperty("nextCursor").GetString()}" : null;
            }

            return games;
        }
    }

    private async Task<(string Id, string Game)> NewAsync()
    {
        var (id, game) = (ReloadedApi.NewId(), $"Game{Guid.NewGuid():N}");
        await api.NewPublisher().PutPackageAsync(id);
        await api.PutGameAsync(game, null, 0, 1, 2);
        return (id, game);
    }

    private async Task<(int Successes, int Failures)> CountsAsync(string id, string game, uint version)
    {
        var counts = await api.Anonymous.GetJsonAsync($"{Path}?packageId={id}&packageVersion=1.0.0&gameId={game}&gameVersionId={version}").JsonAsync();
        return (counts.GetProperty("successCount").GetInt32(), counts.GetProperty("failureCount").GetInt32());
    }

    private static string Report(string id, string version, string game, uint gameVersion, bool? success = null)
    {
        var outcome = success is null ? "" : $",\"success\":{JsonSerializer.Serialize(success)}";
        return $"{{\"packageId\":\"{id}\",\"packageVersion\":\"{version}\",\"gameId\":\"{game}\",\"gameVersionId\":{gameVersion}{outcome}}}";
    }
}
