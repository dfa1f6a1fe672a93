using System.Net;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class ModpackReadTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public Task Root_AnswersWhatLaunchersLookFor() => api.Anonymous.GetAsync("/api/").AnswersAsync(HttpStatusCode.OK, """{"api":"TechnicSolder","version":"1.1.3","stream":"rolling"}""");

    [Fact]
    public async Task Get_ByAnybody_HasEveryMemberOfItsType()
    {
        var user = SolderUser.Full(api);
        var (slug, number) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1.0.0");
        await user.CreateBuildAsync(slug, "1.0.1");
        await user.Client.PutAsync($"/api/modpack/{slug}", new { recommended = "1.0.0", latest = "1.0.1", url = "https://example.org/" }).JsonAsync();
        await api.Anonymous.GetAsync($"/api/modpack/{slug}").AnswersAsync(
            HttpStatusCode.OK,
            $$"""{"id":{{number}},"name":"{{slug}}","display_name":"Pack {{slug}}","url":"https://example.org/","icon":null,"icon_md5":null,"logo":null,"logo_md5":null,"background":null,"background_md5":null,"recommended":"1.0.0","latest":"1.0.1","builds":["1.0.0","1.0.1"]}""");
    }

    [Fact]
    public async Task Get_OfAnUnknownOne_SaysSo() => await api.Anonymous.GetAsync("/api/modpack/nobody-has-this").NotFoundAsync("Modpack does not exist");

    [Fact]
    public async Task Get_WithoutBuilds_HasAnEmptyListAndNoLatest()
    {
        var (slug, _) = await SolderUser.Full(api).CreateModpackAsync();
        var pack = await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync();
        Assert.Equal(0, pack.GetProperty("builds").GetArrayLength());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (pack.GetProperty("recommended").ValueKind, pack.GetProperty("latest").ValueKind));
    }

    [Fact]
    public async Task Get_WithoutMarks_FallsBackToTheNewestBuildThatTheReaderSees()
    {
        var user = SolderUser.Full(api);
        var (slug, number) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1.0.0");
        await user.CreateBuildAsync(slug, "2.0.0", @private: true);
        await user.CreateBuildAsync(slug, "3.0.0", published: false);
        Assert.Equal(("1.0.0", "1.0.0", "1.0.0"), await MarksAsync(api.Anonymous, slug));
        Assert.Equal(("2.0.0", "2.0.0", "1.0.0,2.0.0"), await MarksAsync(SolderUser.Launcher(api, number), slug));
        await user.Client.PutAsync($"/api/modpack/{slug}", new { latest = "gone" }).JsonAsync(); // need not exist
        Assert.Equal(("gone", "gone", "1.0.0"), await MarksAsync(api.Anonymous, slug));
    }

    [Theory]
    [InlineData(false, false, "list get", "list get", "list get", "list get", "list get")]
    [InlineData(true, false, "get", "get", "list get", "list get", "list get")] // hidden: only left out of lists
    [InlineData(false, true, "", "", "list get", "list get", "list get")]
    [InlineData(true, true, "", "", "list get", "list get", "list get")]
    public async Task Modpack_ByMarksAndCredentials_IsSeenByWhomItShould(bool hidden, bool @private, string anybody, string stranger, string key, string client, string given)
    {
        var user = SolderUser.Full(api);
        var (slug, number) = await user.CreateModpackAsync(hidden, @private);
        await user.CreateBuildAsync(slug, "1");
        await SeesAsync(anybody, api.Anonymous, "anybody");
        await SeesAsync(anybody, SolderUser.Launcher(api, number + 1_000_000), "a client of another");
        await SeesAsync(stranger, SolderUser.With(api, ["modpacks_manage"], "another").Client, "an account without access");
        await SeesAsync(key, SolderUser.Key(api), "a key");
        await SeesAsync(client, SolderUser.Launcher(api, number), "a client");
        await SeesAsync(given, SolderUser.With(api, [], slug).Client, "an account with access");
        await SeesAsync(given, user.Publisher.ClientWith(caller => caller with { Solder = SolderGrants.None }), "the owner");
        await SeesAsync(given, SolderUser.Full(api).Client, "solder_full");

        async Task SeesAsync(string expected, HttpClient caller, string who)
        {
            var list = await caller.GetAsync("/api/modpack").JsonAsync();
            var full = await caller.GetAsync("/api/modpack?include=full").JsonAsync();
            Assert.Equal(list.GetProperty("modpacks").TryGetProperty(slug, out _), full.GetProperty("modpacks").TryGetProperty(slug, out _));
            using var get = await caller.GetAsync($"/api/modpack/{slug}");
            using var build = await caller.GetAsync($"/api/modpack/{slug}/1");
            Assert.Equal(get.StatusCode, build.StatusCode);
            var seen = string.Join(' ', new[] { list.GetProperty("modpacks").TryGetProperty(slug, out _) ? "list" : "", get.IsSuccessStatusCode ? "get" : "" }.Where(text => text.Length > 0));
            Assert.True(expected == seen, $"{who} sees '{seen}' instead of '{expected}'");
            if (!get.IsSuccessStatusCode) Assert.Equal("""{"error":"Modpack does not exist"}""", await build.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task List_IsAMapInTheOrderOfCreation_WithAMirrorThatEndsInASlash()
    {
        var user = SolderUser.Full(api);
        var first = (await user.CreateModpackAsync()).Slug;
        var second = (await user.CreateModpackAsync()).Slug;
        var list = await api.Anonymous.GetAsync("/api/modpack").JsonAsync();
        var slugs = list.GetProperty("modpacks").Names();
        Assert.True(Array.IndexOf(slugs, first) < Array.IndexOf(slugs, second));
        Assert.Equal($"Pack {first}", list.GetProperty("modpacks").GetProperty(first).GetString());
        Assert.Equal("http://localhost:8080/mirror/", list.GetProperty("mirror_url").GetString());
        var full = (await api.Anonymous.GetAsync("/api/modpack?include=full").JsonAsync()).GetProperty("modpacks").GetProperty(first);
        Assert.Equal((await api.Anonymous.GetAsync($"/api/modpack/{first}").JsonAsync()).GetRawText(), full.GetRawText());
    }

    [Fact]
    public async Task Read_WithATokenThatLacksTheScope_IsRefused()
    {
        var unscoped = api.NewPublisher(change: caller => caller with { Scopes = new HashSet<string> { Scopes.PacksWrite } });
        foreach (var path in new[] { "", "modpack", "modpack/a", "modpack/a/1", "mod", "mod/a", "mod/a/1" }) await unscoped.Client.GetAsync("/api/" + path).UnauthorizedAsync();
        var session = api.NewPublisher(change: caller => caller with { Credential = CredentialKind.Session, Scopes = new HashSet<string>() });
        await session.Client.GetAsync("/api/modpack").JsonAsync();
    }

    [Fact]
    public async Task Read_WithATokenForOtherPacks_SeesNoPrivateOne()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync(@private: true);
        var restricted = user.Publisher.ClientWith(caller => caller with { Packs = ["another"] });
        await restricted.GetAsync($"/api/modpack/{slug}").NotFoundAsync("Modpack does not exist");
        Assert.False((await restricted.GetAsync("/api/modpack").JsonAsync()).GetProperty("modpacks").TryGetProperty(slug, out _));
        await restricted.PutAsync($"/api/modpack/{slug}", new { }).UnauthorizedAsync();
    }

    [Fact]
    public async Task Read_ByAnAccountWithAThousandModpacks_IsAnswered()
    {
        var slug = (await SolderUser.Full(api).CreateModpackAsync(@private: true)).Slug;
        var many = Enumerable.Range(0, 999).Select(i => $"{i:d4}{new string('x', 60)}");
        await SolderUser.With(api, ["modpacks_manage"], [.. many, slug]).Client.GetAsync($"/api/modpack/{slug}").JsonAsync();
    }

    [Fact]
    public async Task Head_AnswersWithoutABody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/modpack");
        using var answer = await api.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("PATCH", "/api/modpack", HttpStatusCode.MethodNotAllowed, "The PATCH method is not supported for route api/modpack.")]
    [InlineData("GET", "/api/modpack/a/b/c/d/e", HttpStatusCode.NotFound, "The route api/modpack/a/b/c/d/e could not be found.")]
    [InlineData("POST", "/api/minecraft/unknown", HttpStatusCode.NotFound, "The route api/minecraft/unknown could not be found.")]
    public async Task Route_ThatIsNotThere_AnswersInTheDialectsEnvelope(string method, string path, HttpStatusCode status, string text)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await api.Anonymous.SendAsync(request).AnswersAsync(status, $$"""{"error":"{{text}}","message":"{{text}}"}""");
    }

    private static async Task<(string? Recommended, string? Latest, string Builds)> MarksAsync(HttpClient client, string slug)
    {
        var pack = await client.GetAsync($"/api/modpack/{slug}").JsonAsync();
        return (pack.GetProperty("recommended").GetString(), pack.GetProperty("latest").GetString(), string.Join(',', pack.GetProperty("builds").Texts()));
    }
}
