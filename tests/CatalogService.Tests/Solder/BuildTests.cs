using System.Net;
using System.Text.Json;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class BuildTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Get_OfABuild_ListsItsModsInNaturalOrderWithTheTypesGiven()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var build = await user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "1.0", minecraft = "1.7.10", forge = "10.13.4", is_published = true, min_java = "1.8", min_memory = 2048 })
            .JsonAsync(HttpStatusCode.Created);
        var mark = SolderUser.NewName("");
        var names = new[] { $"mod10{mark}", $"Mod2{mark}", $"alpha{mark}", $"mod1{mark}" };
        foreach (var name in names) await user.AddModAsync(slug, "1.0", await user.CreateModAsync(name, "3.1"), "3.1");
        await user.Client.PutAsync($"/api/mod/alpha{mark}/3.1", new { md5 = "D41D8CD98F00B204E9800998ECF8427E", filesize = 3_000_000_000 }).JsonAsync();
        await user.Client.PutAsync($"/api/mod/alpha{mark}", new { author = "Somebody", description = "What it does", link = "https://example.org/" }).JsonAsync();

        var read = await user.ReadAsync($"modpack/{slug}/1.0");
        Assert.Equal(["id", "minecraft", "java", "memory", "forge", "mods"], read.Names());
        Assert.Equal((build.GetProperty("id").GetInt64(), "1.7.10", "1.8", 2048, "10.13.4"), (
            read.GetProperty("id").GetInt64(), read.GetProperty("minecraft").GetString(), read.GetProperty("java").GetString(), read.GetProperty("memory").GetInt32(), read.GetProperty("forge").GetString()));
        Assert.Equal([$"alpha{mark}", $"mod1{mark}", $"Mod2{mark}", $"mod10{mark}"], read.GetProperty("mods").EnumerateArray().Select(mod => mod.GetProperty("name").GetString()!));
        var first = read.GetProperty("mods")[0];
        Assert.Equal(
            $$"""{"id":{{first.GetProperty("id").GetInt64()}},"name":"alpha{{mark}}","version":"3.1","md5":"d41d8cd98f00b204e9800998ecf8427e","filesize":3000000000,"url":"http://localhost:8080/mirror/mods/alpha{{mark}}/alpha{{mark}}-3.1.zip"}""",
            first.GetRawText());
        var full = (await user.ReadAsync($"modpack/{slug}/1.0?include=mods")).GetProperty("mods")[0];
        Assert.Equal(["id", "name", "version", "md5", "filesize", "url", "pretty_name", "author", "description", "link"], full.Names());
        Assert.Equal(("Somebody", "What it does", "https://example.org/"), (full.GetProperty("author").GetString(), full.GetProperty("description").GetString(), full.GetProperty("link").GetString()));
    }

    [Fact]
    public async Task Get_OfWhatIsNotPublishedOrPrivate_DoesNotExist()
    {
        var user = SolderUser.Full(api);
        var (slug, number) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "draft", published: false);
        await user.CreateBuildAsync(slug, "secret", @private: true);
        foreach (var version in new[] { "draft", "secret", "never" }) await api.Anonymous.GetAsync($"/api/modpack/{slug}/{version}").NotFoundAsync("Build does not exist");
        await user.Client.GetAsync($"/api/modpack/{slug}/draft").NotFoundAsync("Build does not exist"); // even with access
        await SolderUser.Launcher(api, number).GetAsync($"/api/modpack/{slug}/secret").JsonAsync();
        await SolderUser.Key(api).GetAsync($"/api/modpack/{slug}/secret").JsonAsync();
        await api.Anonymous.GetAsync("/api/modpack/nobody-has-this/1").NotFoundAsync("Modpack does not exist");
    }

    [Fact]
    public async Task Create_AnswersEveryColumn()
    {
        var user = SolderUser.Full(api);
        var (slug, number) = await user.CreateModpackAsync();
        var made = await user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = " 1.0 ", minecraft = "1.2" }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(
            $$"""{"id":{{made.GetProperty("id").GetInt64()}},"modpack_id":{{number}},"version":"1.0","minecraft":"1.2","forge":null,"is_published":false,"private":false,"min_java":null,"min_memory":null,"created_at":"{{made.GetProperty("created_at").GetString()}}","updated_at":"{{made.GetProperty("created_at").GetString()}}"}""",
            made.GetRawText());
    }

    [Theory]
    [InlineData("""{}""", """{"version":["The version field is required."],"minecraft":["The minecraft field is required."]}""")]
    [InlineData("""{"version":"a/b","minecraft":"1"}""", """{"version":["The version field format is invalid."]}""")]
    [InlineData("""{"version":"..","minecraft":"1"}""", """{"version":["The version field format is invalid."]}""")]
    [InlineData("""{"version":"1","minecraft":"1","min_memory":"much"}""", """{"min_memory":["The min memory field must be an integer."]}""")]
    [InlineData("""{"version":"1","minecraft":"1","min_memory":-1}""", """{"min_memory":["The min memory field must be at least 0."]}""")]
    [InlineData("""{"version":"1","minecraft":"1","clone_from":5}""", """{"clone_from":["The clone from field must be a string."]}""")]
    [InlineData("""{"version":"1","minecraft":"1","clone_from":"1","clone_from_modpack":"nobody-has-this"}""", """{"clone_from_modpack":["The selected clone from modpack is invalid."]}""")]
    public async Task Create_BadBody_NamesTheField(string body, string error)
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.Client.PostTextAsync($"/api/modpack/{slug}/build", body).UnprocessableAsync(error);
        Assert.Empty((await user.Client.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("builds").Texts());
    }

    [Fact]
    public async Task Create_WithModsOfAnother_CopiesThemOrMakesNothing()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var (other, _) = await user.CreateModpackAsync();
        var mod = await user.CreateModAsync(null, "1.0");
        await user.CreateBuildAsync(slug, "1");
        await user.AddModAsync(slug, "1", mod, "1.0");
        await user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "2", minecraft = "1", is_published = true, clone_from = "1" }).JsonAsync(HttpStatusCode.Created);
        await user.Client.PostAsync($"/api/modpack/{other}/build", new { version = "2", minecraft = "1", is_published = true, clone_from = "1", clone_from_modpack = slug }).JsonAsync(HttpStatusCode.Created);
        foreach (var pack in new[] { slug, other }) Assert.Equal(mod, (await user.ReadAsync($"modpack/{pack}/2")).GetProperty("mods")[0].GetProperty("name").GetString());

        await user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "3", minecraft = "1", clone_from = "never" }).NotFoundAsync("Clone source build not found.");
        await SolderUser.With(api, ["modpacks_manage"], slug).Client.PostAsync($"/api/modpack/{slug}/build", new { version = "3", minecraft = "1", clone_from = "2", clone_from_modpack = other })
            .AnswersAsync(HttpStatusCode.Forbidden, """{"error":"You do not have permission to clone from that modpack."}""");
        await user.Client.PutAsync($"/api/modpack/{slug}/3", new { }).NotFoundAsync("Build not found."); // nothing was made
    }

    [Fact]
    public async Task Create_OfAnExistingVersion_IsRefused_AlsoAtOnce()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var answer = await user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "1", minecraft = "1" });
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        })));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer =>
            Assert.Equal((HttpStatusCode.UnprocessableEntity, """{"error":"Build version already exists for this modpack."}"""), answer));
    }

    [Fact]
    public async Task Edit_ChangesWhatIsSent()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1", published: false);
        await user.CreateBuildAsync(slug, "2");
        var changed = await user.Client.PutAsync($"/api/modpack/{slug}/1", new { version = "1b", forge = "47.1", is_published = true, min_memory = 4096 }).JsonAsync();
        Assert.Equal(("1b", "1.20.1", "47.1", true, 4096), (
            changed.GetProperty("version").GetString(), changed.GetProperty("minecraft").GetString(), changed.GetProperty("forge").GetString(), changed.GetProperty("is_published").GetBoolean(),
            changed.GetProperty("min_memory").GetInt32()));
        var cleared = await user.Client.PutAsync($"/api/modpack/{slug}/1b", new { forge = (string?)null, @private = true }).JsonAsync();
        Assert.Equal((JsonValueKind.Null, true, 4096), (cleared.GetProperty("forge").ValueKind, cleared.GetProperty("private").GetBoolean(), cleared.GetProperty("min_memory").GetInt32()));
        await user.Client.PutAsync($"/api/modpack/{slug}/1b", new { version = "2" }).UnprocessableAsync("\"Build version already exists for this modpack.\"");
        await user.Client.PutAsync($"/api/modpack/{slug}/1", new { version = "3" }).NotFoundAsync("Build not found.");
        await user.Client.PutAsync("/api/modpack/nobody-has-this/1", new { }).NotFoundAsync("Modpack not found.");
    }

    [Fact]
    public async Task Delete_LeavesMarksAsTheyAre()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        await user.Client.PutAsync($"/api/modpack/{slug}", new { recommended = "1" }).JsonAsync();
        await user.Client.DeleteAsync($"/api/modpack/{slug}/1").AnswersAsync(HttpStatusCode.OK, """{"success":"Build deleted."}""");
        await user.Client.DeleteAsync($"/api/modpack/{slug}/1").NotFoundAsync("Build not found.");
        Assert.Equal("1", (await user.ReadAsync($"modpack/{slug}")).GetProperty("recommended").GetString());
    }

    [Fact]
    public async Task Mods_OfABuild_AreAddedReplacedAndRemoved()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        var (mod, other) = (await user.CreateModAsync(null, "1.0", "2.0"), await user.CreateModAsync(null, "1.0"));
        var path = $"/api/modpack/{slug}/1/mod";
        await user.Client.PostAsync(path, new { mod_slug = mod, mod_version = "1.0" }).AnswersAsync(HttpStatusCode.Created, """{"success":"Mod added to build."}""");
        await user.Client.PostAsync(path, new { mod_slug = mod, mod_version = "1.0" }).UnprocessableAsync("\"Mod version already in build.\"");
        await user.Client.PostAsync(path, new { mod_slug = mod, mod_version = "2.0" }).UnprocessableAsync("\"Another version of this mod is already in the build. Use PUT to update it.\"");
        await user.Client.PostAsync(path, new { }).UnprocessableAsync("""{"mod_slug":["The mod slug field is required."],"mod_version":["The mod version field is required."]}""");
        await user.Client.PostAsync(path, new { mod_slug = 5, mod_version = "1" }).UnprocessableAsync("""{"mod_slug":["The mod slug field must be a string."]}""");
        await user.Client.PostAsync(path, new { mod_slug = "nobody-has-this", mod_version = "1" }).NotFoundAsync("Mod not found.");
        await user.Client.PostAsync(path, new { mod_slug = mod, mod_version = "never" }).NotFoundAsync("Mod version not found.");

        await user.Client.PutAsync($"{path}/{mod}", new { mod_version = "2.0" }).AnswersAsync(HttpStatusCode.OK, """{"success":"Mod version updated in build."}""");
        Assert.Equal("2.0", (await user.ReadAsync($"modpack/{slug}/1")).GetProperty("mods")[0].GetProperty("version").GetString());
        await user.Client.PutAsync($"{path}/{mod}", new { }).UnprocessableAsync("""{"mod_version":["The mod version field is required."]}""");
        await user.Client.PutAsync($"{path}/{mod}", new { mod_version = "never" }).NotFoundAsync("Mod version not found.");
        await user.Client.PutAsync($"{path}/{other}", new { mod_version = "1.0" }).NotFoundAsync("Mod not in this build.");
        await user.Client.PutAsync($"{path}/nobody-has-this", new { mod_version = "1.0" }).NotFoundAsync("Mod not found.");

        await user.Client.DeleteAsync($"{path}/{other}").NotFoundAsync("Mod not in this build.");
        await user.Client.DeleteAsync($"{path}/nobody-has-this").NotFoundAsync("Mod not found.");
        await user.Client.DeleteAsync($"{path}/{mod}").AnswersAsync(HttpStatusCode.OK, """{"success":"Mod removed from build."}""");
        await user.Client.DeleteAsync($"{path}/{mod}").NotFoundAsync("Mod not in this build.");
        foreach (var wrong in new[] { $"/api/modpack/{slug}/never/mod", "/api/modpack/nobody-has-this/1/mod" })
        {
            var text = wrong.Contains("never", StringComparison.Ordinal) ? "Build not found." : "Modpack not found.";
            await user.Client.PostAsync(wrong, new { }).NotFoundAsync(text);
            await user.Client.PutAsync($"{wrong}/{mod}", new { }).NotFoundAsync(text);
            await user.Client.DeleteAsync($"{wrong}/{mod}").NotFoundAsync(text);
        }
    }

    [Fact]
    public async Task Mods_AddedAtOnce_BecomeOneVersion()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        var mod = await user.CreateModAsync(null, "1.0", "2.0");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            using var answer = await user.Client.PostAsync($"/api/modpack/{slug}/1/mod", new { mod_slug = mod, mod_version = $"{1 + (i % 2)}.0" });
            return answer.StatusCode;
        })));
        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.UnprocessableEntity));
    }
}
