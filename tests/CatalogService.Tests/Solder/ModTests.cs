using System.Net;
using System.Text.Json;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class ModTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Create_AnswersEveryColumn_AndReadsShowNotesToManagersOnly()
    {
        var name = SolderUser.NewName();
        var user = SolderUser.With(api, ["mods_create", "mods_manage"]);
        var made = await user.Client.PostAsync("/api/mod", new { name, pretty_name = "My Mod", author = "A", description = "D", link = "https://example.org/", notes = "secret" }).JsonAsync(HttpStatusCode.Created);
        var (id, at) = (made.GetProperty("id").GetInt64(), made.GetProperty("created_at").GetString());
        Assert.Equal(
            $$"""{"id":{{id}},"name":"{{name}}","pretty_name":"My Mod","author":"A","description":"D","link":"https://example.org/","notes":"secret","created_at":"{{at}}","updated_at":"{{at}}"}""", made.GetRawText());
        var version = await user.Client.PostAsync($"/api/mod/{name}/version", new { version = "1.0", md5 = "ABC123def456", filesize = 0, notes = "hush" }).JsonAsync(HttpStatusCode.Created);
        var versionId = version.GetProperty("id").GetInt64();
        Assert.Equal(
            $$"""{"id":{{versionId}},"mod_id":{{id}},"version":"1.0","md5":"abc123def456","filesize":0,"url":"http://localhost:8080/mirror/mods/{{name}}/{{name}}-1.0.zip","notes":"hush","created_at":"{{version.GetProperty("created_at").GetString()}}","updated_at":"{{version.GetProperty("created_at").GetString()}}"}""",
            version.GetRawText());

        await api.Anonymous.GetAsync($"/api/mod/{name}").AnswersAsync(
            HttpStatusCode.OK, $$"""{"id":{{id}},"name":"{{name}}","pretty_name":"My Mod","author":"A","description":"D","link":"https://example.org/","versions":["1.0"]}""");
        await api.Anonymous.GetAsync($"/api/mod/{name}/1.0").AnswersAsync(
            HttpStatusCode.OK, $$"""{"id":{{versionId}},"md5":"abc123def456","filesize":0,"url":"http://localhost:8080/mirror/mods/{{name}}/{{name}}-1.0.zip"}""");
        foreach (var manager in new[] { user, SolderUser.Full(api) })
        {
            Assert.Equal("secret", (await manager.Client.GetAsync($"/api/mod/{name}").JsonAsync()).GetProperty("notes").GetString());
            Assert.Equal("hush", (await manager.Client.GetAsync($"/api/mod/{name}/1.0").JsonAsync()).GetProperty("notes").GetString());
        }

        foreach (var other in new[] { SolderUser.With(api, ["mods_create"]).Client, SolderUser.Key(api) })
            Assert.False((await other.GetAsync($"/api/mod/{name}").JsonAsync()).TryGetProperty("notes", out _));
        Assert.Equal("My Mod", (await user.ReadAsync("mod")).GetProperty("mods").GetProperty(name).GetString());
    }

    [Fact]
    public async Task Read_OfWhatIsNotThere_SaysWhat()
    {
        var mod = await SolderUser.Full(api).CreateModAsync();
        await api.Anonymous.GetAsync("/api/mod/nobody-has-this").NotFoundAsync("Mod does not exist");
        await api.Anonymous.GetAsync("/api/mod/nobody-has-this/1").NotFoundAsync("Mod does not exist");
        await api.Anonymous.GetAsync($"/api/mod/{mod}/1").NotFoundAsync("Mod version does not exist");
    }

    [Theory]
    [InlineData("""{}""", """{"name":["The name field is required."],"pretty_name":["The pretty name field is required."]}""")]
    [InlineData("""{"name":"a/b","pretty_name":"x"}""", """{"name":["The name field format is invalid."]}""")]
    [InlineData("""{"name":"x","pretty_name":"x","link":"ftp://example.org"}""", """{"link":["The link field must be a valid URL."]}""")]
    public async Task Create_BadBody_NamesTheField(string body, string error) => await SolderUser.Full(api).Client.PostTextAsync("/api/mod", body).UnprocessableAsync(error);

    [Fact]
    public async Task Names_AndVersions_AreUnique_AlsoAtOnce()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0");
        await user.Client.PostAsync("/api/mod", new { name = mod, pretty_name = "x" }).UnprocessableAsync("""{"name":["The name has already been taken."]}""");
        await user.Client.PostAsync($"/api/mod/{mod}/version", new { version = "1.0", md5 = "x" }).UnprocessableAsync("\"Version already exists for this mod.\"");
        var other = await user.CreateModAsync();
        await user.Client.PutAsync($"/api/mod/{other}", new { name = mod }).UnprocessableAsync("""{"name":["The name has already been taken."]}""");
        var name = SolderUser.NewName();
        foreach (var (path, body) in new (string, object)[] { ("/api/mod", new { name, pretty_name = "x" }), ($"/api/mod/{mod}/version", new { version = "2.0", md5 = "x" }) })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                using var answer = await user.Client.PostAsync(path, body);
                return answer.StatusCode;
            })));
            Assert.Single(answers, HttpStatusCode.Created);
            Assert.Equal(3, answers.Count(status => status == HttpStatusCode.UnprocessableEntity));
        }
    }

    [Fact]
    public async Task Edit_ChangesWhatIsSent()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0");
        var renamed = SolderUser.NewName();
        var changed = await user.Client.PutAsync($"/api/mod/{mod}", new { name = renamed, author = "B" }).JsonAsync();
        Assert.Equal((renamed, "Mod " + mod, "B"), (changed.GetProperty("name").GetString(), changed.GetProperty("pretty_name").GetString(), changed.GetProperty("author").GetString()));
        await user.Client.PutAsync($"/api/mod/{mod}", new { }).NotFoundAsync("Mod not found.");
        await user.Client.PutAsync($"/api/mod/{renamed}", new { pretty_name = "" }).UnprocessableAsync("""{"pretty_name":["The pretty name field is required."]}""");
        var version = await user.Client.PutAsync($"/api/mod/{renamed}/1.0", new FormUrlEncodedContent([new("filesize", "5000000000"), new("notes", "n"), new("url", "https://example.org/a.zip")])).JsonAsync();
        Assert.Equal((5_000_000_000, "abc123", "https://example.org/a.zip"), (version.GetProperty("filesize").GetInt64(), version.GetProperty("md5").GetString(), version.GetProperty("url").GetString()));
        var cleared = await user.Client.PutAsync($"/api/mod/{renamed}/1.0", new { filesize = (long?)null, url = "" }).JsonAsync();
        Assert.Equal((JsonValueKind.Null, "n"), (cleared.GetProperty("filesize").ValueKind, cleared.GetProperty("notes").GetString()));
        Assert.EndsWith($"/mirror/mods/{renamed}/{renamed}-1.0.zip", cleared.GetProperty("url").GetString(), StringComparison.Ordinal);
        await user.Client.PutAsync($"/api/mod/{renamed}/1.0", new { md5 = "", filesize = "x" }).UnprocessableAsync(
            """{"md5":["The md5 field is required."],"filesize":["The filesize field must be an integer."]}""");
        await user.Client.PutAsync($"/api/mod/{renamed}/never", new { }).NotFoundAsync("Mod version not found.");
        await user.Client.PutAsync("/api/mod/nobody-has-this/1.0", new { }).NotFoundAsync("Mod not found.");
        await user.Client.PostAsync("/api/mod/nobody-has-this/version", new { }).NotFoundAsync("Mod not found.");
        await user.Client.PostAsync($"/api/mod/{renamed}/version", new { }).UnprocessableAsync("""{"version":["The version field is required."],"md5":["The md5 field is required."]}""");
    }

    [Fact]
    public async Task Delete_OfAVersionInUse_IsAConflict_OfTheModItIsNot()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0", "2.0");
        var (slug, _) = await user.CreateModpackAsync();
        foreach (var build in new[] { "1", "2" })
        {
            await user.CreateBuildAsync(slug, build);
            await user.AddModAsync(slug, build, mod, "1.0");
        }

        await user.Client.DeleteAsync($"/api/mod/{mod}/1.0").AnswersAsync(HttpStatusCode.Conflict, """{"error":"Mod version is in use by 2 build(s) and cannot be deleted."}""");
        await user.Client.DeleteAsync($"/api/mod/{mod}/2.0").AnswersAsync(HttpStatusCode.OK, """{"success":"Mod version deleted."}""");
        await user.Client.DeleteAsync($"/api/mod/{mod}/2.0").NotFoundAsync("Mod version not found.");
        await user.Client.DeleteAsync("/api/mod/nobody-has-this/1").NotFoundAsync("Mod not found.");
        await user.Client.DeleteAsync($"/api/mod/{mod}").AnswersAsync(HttpStatusCode.OK, """{"success":"Mod deleted."}""");
        await user.Client.DeleteAsync($"/api/mod/{mod}").NotFoundAsync("Mod not found.");
        Assert.Equal(0, (await user.ReadAsync($"modpack/{slug}/1")).GetProperty("mods").GetArrayLength());
    }
}
