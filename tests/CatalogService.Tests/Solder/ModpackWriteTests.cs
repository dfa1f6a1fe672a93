using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class ModpackWriteTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/modpack";

    [Fact]
    public async Task Create_AnswersEveryColumnWithTrueBooleans()
    {
        var user = SolderUser.With(api, ["modpacks_create"]);
        var slug = SolderUser.NewName("Hexxit_");
        using var response = await user.Client.PostAsync(Path, new { name = "  Hexxit " + slug + " ", slug, hidden = false });
        var made = await Task.FromResult(response).JsonAsync(HttpStatusCode.Created);
        var (created, updated) = (made.GetProperty("created_at").GetString(), made.GetProperty("updated_at").GetString());
        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\z", created);
        Assert.Equal(
            $$"""{"id":{{made.GetProperty("id").GetInt64()}},"name":"Hexxit {{slug}}","slug":"{{slug}}","recommended":null,"latest":null,"url":null,"icon":false,"icon_md5":null,"icon_url":null,"logo":false,"logo_md5":null,"logo_url":null,"background":false,"background_md5":null,"background_url":null,"order":0,"hidden":false,"private":false,"created_at":"{{created}}","updated_at":"{{updated}}"}""",
            made.GetRawText());
    }

    [Fact]
    public async Task Create_WithoutMarks_IsHiddenAndNotPrivate()
    {
        var made = await SolderUser.Full(api).Client.PostAsync(Path, new { name = SolderUser.NewName(), slug = SolderUser.NewName("pack"), order = 7 }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal((true, false, 7), (made.GetProperty("hidden").GetBoolean(), made.GetProperty("private").GetBoolean(), made.GetProperty("order").GetInt32()));
    }

    [Fact]
    public async Task Create_AsAForm_IsTakenLikeJson()
    {
        var slug = SolderUser.NewName("pack");
        var form = new FormUrlEncodedContent([new("name", "Form " + slug), new("slug", slug), new("hidden", "0"), new("private", "1"), new("url", "")]);
        var made = await SolderUser.Full(api).Client.PostAsync(Path, form).JsonAsync(HttpStatusCode.Created);
        Assert.Equal((false, true, JsonValueKind.Null), (made.GetProperty("hidden").GetBoolean(), made.GetProperty("private").GetBoolean(), made.GetProperty("url").ValueKind));
        var parts = new MultipartFormDataContent { { new StringContent("Parts " + slug), "name" }, { new StringContent(slug + "-2"), "slug" } };
        await SolderUser.Full(api).Client.PostAsync(Path, parts).JsonAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{}""", """{"name":["The name field is required."],"slug":["The slug field is required."]}""")]
    [InlineData("""{"name":" ","slug":null}""", """{"name":["The name field is required."],"slug":["The slug field is required."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"with space"}""", """{"slug":["The slug field must only contain letters, numbers, dashes, and underscores."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"über"}""", """{"slug":["The slug field must only contain letters, numbers, dashes, and underscores."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"{0}","url":"no address"}""", """{"url":["The url field must be a valid URL."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"{0}","url":"javascript:alert(1)"}""", """{"url":["The url field must be a valid URL."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"{0}","hidden":"perhaps"}""", """{"hidden":["The hidden field must be true or false."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"{0}","private":2}""", """{"private":["The private field must be true or false."]}""")]
    [InlineData("""{"name":"x-{0}","slug":"{0}","order":"first"}""", """{"order":["The order field must be an integer."]}""")]
    [InlineData("""{"name":["x"],"slug":"{0}"}""", """{"name":["The name field must be a string."]}""")]
    [InlineData("""{"name":"two\nlines","slug":"{0}"}""", """{"name":["The name field format is invalid."]}""")]
    public async Task Create_BadBody_NamesEveryField(string body, string error)
    {
        var slug = SolderUser.NewName("pack");
        await SolderUser.Full(api).Client.PostTextAsync(Path, body.Replace("{0}", slug, StringComparison.Ordinal)).UnprocessableAsync(error);
        Assert.False(await api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM packs WHERE slug = $1)", slug));
    }

    [Fact]
    public async Task Create_WithTooLongTexts_NamesTheLimit() =>
        await SolderUser.Full(api).Client.PostAsync(Path, new { name = new string('n', 201), slug = new string('s', 65) })
            .UnprocessableAsync("""{"name":["The name field must not be greater than 200 characters."],"slug":["The slug field must not be greater than 64 characters."]}""");

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[1]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"\ud800"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("x", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Create_MalformedBody_IsRefusedInTheEnvelope(string body, string type, HttpStatusCode status)
    {
        var error = await SolderUser.Full(api).Client.PostAsync(Path, new StringContent(body, Encoding.UTF8, type)).JsonAsync(status);
        Assert.Equal(error.GetProperty("error").GetString(), error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Create_WithoutABody_IsAnEmptyOne() =>
        await SolderUser.Full(api).Client.PostAsync(Path, content: null).UnprocessableAsync("""{"name":["The name field is required."],"slug":["The slug field is required."]}""");

    [Fact]
    public async Task Create_TakenNameAndSlug_SaysBoth()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.Client.PostAsync(Path, new { name = "Pack " + slug, slug }).UnprocessableAsync("""{"name":["The name has already been taken."],"slug":["The slug has already been taken."]}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_TwiceAtOnce_MakesOne(bool sameSlug)
    {
        for (var round = 0; round < 5; round++)
        {
            var name = SolderUser.NewName("pack");
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
            {
                using var answer = await SolderUser.Full(api).Client.PostAsync(Path, sameSlug ? new { name = $"{name} {i}", slug = name } : new { name, slug = $"{name}-{i}" });
                return (answer.StatusCode, Text: await answer.Content.ReadAsStringAsync());
            })));
            Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
            var refused = sameSlug ? """{"error":{"slug":["The slug has already been taken."]}}""" : """{"error":{"name":["The name has already been taken."]}}""";
            Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer => Assert.Equal((HttpStatusCode.UnprocessableEntity, refused), answer));
        }
    }

    [Fact]
    public async Task Create_BeyondThePlan_IsRefused()
    {
        var user = new SolderUser(api, api.NewPublisher(change: caller => caller with { Plan = "free", Solder = SolderGrants.None with { Flags = ["modpacks_create"] } }));
        for (var i = 0; i < 10; i++) await user.CreateModpackAsync();
        var error = await user.Client.PostAsync(Path, new { name = SolderUser.NewName(), slug = SolderUser.NewName("pack") }).JsonAsync(HttpStatusCode.PaymentRequired);
        Assert.Contains("10 packs", error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_GivesTheCreatorAccess()
    {
        var user = SolderUser.With(api, ["modpacks_create", "modpacks_manage", "modpacks_delete"]);
        var (slug, _) = await user.CreateModpackAsync();
        await user.Client.PutAsync($"{Path}/{slug}", new { order = 3 }).JsonAsync();
        await user.Client.DeleteAsync($"{Path}/{slug}").AnswersAsync(HttpStatusCode.OK, """{"success":"Modpack deleted."}""");
    }

    [Fact]
    public async Task Edit_ChangesWhatIsSent()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var before = await user.Client.PutAsync($"{Path}/{slug}", new { url = "https://example.org/a", recommended = "1", latest = "2", order = 5 }).JsonAsync();
        Assert.Equal(("https://example.org/a", "1", "2", 5), Members(before));
        var after = await user.Client.PutAsync($"{Path}/{slug}", new { name = "Renamed " + slug, url = (string?)null, latest = "", hidden = true }).JsonAsync();
        Assert.Equal((null, "1", null, 5), Members(after));
        Assert.Equal(("Renamed " + slug, true, false), (after.GetProperty("name").GetString(), after.GetProperty("hidden").GetBoolean(), after.GetProperty("private").GetBoolean()));
        Assert.True(string.CompareOrdinal(before.GetProperty("updated_at").GetString(), after.GetProperty("updated_at").GetString()) < 0);
        Assert.Equal(before.GetProperty("created_at").GetString(), after.GetProperty("created_at").GetString());
        await user.Client.PutAsync($"{Path}/{slug}", new { name = "Renamed " + slug, slug }).JsonAsync(); // its own are not taken
        await user.Client.PutAsync($"{Path}/{slug}", new { name = "", slug = "a b" }).UnprocessableAsync(
            """{"name":["The name field is required."],"slug":["The slug field must only contain letters, numbers, dashes, and underscores."]}""");

        static (string?, string?, string?, int) Members(JsonElement pack) => (
            pack.GetProperty("url").GetString(), pack.GetProperty("recommended").GetString(), pack.GetProperty("latest").GetString(), pack.GetProperty("order").GetInt32());
    }

    [Fact]
    public async Task Edit_HiddenWhilePrivate_IsRemembered()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync(hidden: true);
        await user.Client.PutAsync($"{Path}/{slug}", new { @private = true }).JsonAsync();
        var shown = await user.Client.PutAsync($"{Path}/{slug}", new { hidden = false }).JsonAsync();
        Assert.Equal((false, true), (shown.GetProperty("hidden").GetBoolean(), shown.GetProperty("private").GetBoolean()));
        var open = await user.Client.PutAsync($"{Path}/{slug}", new { @private = false }).JsonAsync();
        Assert.Equal((false, false), (open.GetProperty("hidden").GetBoolean(), open.GetProperty("private").GetBoolean()));
    }

    [Fact]
    public async Task Edit_OfTheSlug_IsAnnouncedAndKeepsTheOwnersAccess()
    {
        await using var renamed = await api.ObserveAsync<SolderModpackRenamed>();
        await using var removed = await api.ObserveAsync<PackRemoved>();
        var user = SolderUser.With(api, ["modpacks_create", "modpacks_manage"]);
        var (slug, number) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        var newSlug = SolderUser.NewName("pack");
        var answer = await user.Client.PutAsync($"{Path}/{slug}", new { slug = newSlug }).JsonAsync();
        Assert.Equal((newSlug, number), (answer.GetProperty("slug").GetString(), answer.GetProperty("id").GetInt64()));
        await api.Anonymous.GetAsync($"{Path}/{slug}").NotFoundAsync("Modpack does not exist");
        Assert.Equal(["1"], (await user.ReadAsync($"modpack/{newSlug}")).GetProperty("builds").Texts());
        await user.Client.PutAsync($"{Path}/{newSlug}", new { order = 1 }).JsonAsync();
        var there = await renamed.FirstAsync(found => found.OldSlug == slug);
        Assert.Equal((newSlug, await api.ScalarAsync<Guid>("SELECT id FROM packs WHERE slug = $1", newSlug)), (there.NewSlug, there.PackId));
        Assert.Equal(newSlug, (await removed.FirstAsync(found => found.Slug == slug)).RenamedTo);
        await api.Anonymous.GetAsync($"/api/v1/packs/{newSlug}").JsonAsync();

        await user.Client.PutAsync($"{Path}/{newSlug}", new { slug }).JsonAsync();
        var back = await renamed.FirstAsync(found => found.OldSlug == newSlug);
        Assert.Equal((slug, there.PackId, true), (back.NewSlug, back.PackId, back.Revision > there.Revision));
        await user.Client.DeleteAsync($"{Path}/{slug}").SucceedsAsync(HttpStatusCode.Forbidden);
        await SolderUser.Full(api).Client.DeleteAsync($"{Path}/{slug}").SucceedsAsync(HttpStatusCode.OK);
        await removed.FirstAsync(found => found.Slug == slug && found.RenamedTo is null);
    }

    [Fact]
    public async Task Edit_OfTheSlugOfASignedPack_IsRefused()
    {
        var publisher = api.NewPublisher(change: caller => caller with { Solder = SolderGrants.None with { Flags = ["solder_full"] } });
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PutAsync($"{Path}/{slug}", new { slug = slug + "-2" }).UnprocessableAsync("""{"slug":["The slug field is prohibited: signed versions carry it."]}""");
    }

    [Fact]
    public async Task Delete_TakesItsBuildsAlong_AndFreesNameAndSlug()
    {
        var user = SolderUser.With(api, ["modpacks_create", "modpacks_manage", "modpacks_delete", "mods_create", "mods_manage", "mods_delete"]);
        var (slug, number) = await user.CreateModpackAsync();
        var mod = await user.CreateModAsync(null, "1.0");
        await user.CreateBuildAsync(slug, "1");
        await user.AddModAsync(slug, "1", mod, "1.0");
        await user.Client.DeleteAsync($"{Path}/{slug}").AnswersAsync(HttpStatusCode.OK, """{"success":"Modpack deleted."}""");
        await user.Client.DeleteAsync($"{Path}/{slug}").NotFoundAsync("Modpack not found.");
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await user.Client.DeleteAsync($"/api/mod/{mod}/1.0").SucceedsAsync(HttpStatusCode.OK); // in use no more

        var again = await user.Client.PostAsync(Path, new { name = "Pack " + slug, slug, hidden = false }).JsonAsync(HttpStatusCode.Created);
        Assert.NotEqual(number, again.GetProperty("id").GetInt64());
        Assert.Empty((await user.ReadAsync($"modpack/{slug}")).GetProperty("builds").Texts());
        await SolderUser.Launcher(api, number).GetAsync($"{Path}/{slug}").JsonAsync();
        await user.Client.PutAsync($"{Path}/{slug}", new { @private = true }).JsonAsync();
        await SolderUser.Launcher(api, number).GetAsync($"{Path}/{slug}").NotFoundAsync("Modpack does not exist"); // it was attached to the old one
    }

    [Fact]
    public async Task Clone_CopiesBuildsModsAndMarks_AndGivesAccess()
    {
        var user = SolderUser.With(api, ["modpacks_create", "modpacks_manage", "mods_create", "mods_manage"]);
        var (slug, _) = await user.CreateModpackAsync(@private: true);
        var mod = await user.CreateModAsync(null, "1.0");
        await user.CreateBuildAsync(slug, "2");
        await user.CreateBuildAsync(slug, "1", published: false);
        await user.AddModAsync(slug, "2", mod, "1.0");
        await user.Client.PutAsync($"{Path}/{slug}", new { recommended = "2", latest = "2" }).JsonAsync();
        var name = SolderUser.NewName("Über Clöne_");
        var clone = await user.Client.PostAsync($"{Path}/{slug}/clone", new { name, slug = name }).JsonAsync(HttpStatusCode.Created);
        var newSlug = clone.GetProperty("slug").GetString();
        Assert.Equal(name.Replace("Über Clöne_", "uber-clone", StringComparison.Ordinal), newSlug);
        Assert.Equal((true, false, "2", "2"), (clone.GetProperty("private").GetBoolean(), clone.GetProperty("hidden").GetBoolean(), clone.GetProperty("recommended").GetString(), clone.GetProperty("latest").GetString()));
        Assert.Equal(["2", "1"], clone.GetProperty("builds").EnumerateArray().Select(build => build.GetProperty("version").GetString()!));
        Assert.Equal(clone.GetProperty("id").GetInt64(), clone.GetProperty("builds")[0].GetProperty("modpack_id").GetInt64());
        Assert.Equal(mod, (await user.Client.GetAsync($"{Path}/{newSlug}/2").JsonAsync()).GetProperty("mods")[0].GetProperty("name").GetString());
        await user.Client.PutAsync($"{Path}/{newSlug}", new { hidden = true }).JsonAsync();
    }

    [Fact]
    public async Task Clone_IsAsItsSource_UnlessItIsSaid()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync(hidden: true);
        await user.Client.PutAsync($"{Path}/{slug}", new { url = "https://example.org/a", order = 5 }).JsonAsync();
        await user.Client.PatchAsJsonAsync($"/api/v1/packs/{slug}", new { summary = "S", description = "D", tags = new[] { "a", "b" }, coverImage = "https://example.org/c.png" }).JsonAsync();
        foreach (var (hidden, isHidden) in new (bool?, bool)[] { (null, true), (false, false) })
        {
            var newSlug = SolderUser.NewName("pack");
            var clone = await user.Client.PostTextAsync($"{Path}/{slug}/clone", $$"""{"name":"{{newSlug}}","slug":"{{newSlug}}"{{(hidden is null ? "" : ",\"hidden\":false")}}}""").JsonAsync(HttpStatusCode.Created);
            Assert.Equal(("https://example.org/a", 5, isHidden), (clone.GetProperty("url").GetString(), clone.GetProperty("order").GetInt32(), clone.GetProperty("hidden").GetBoolean()));
            var page = await user.Client.GetAsync($"/api/v1/packs/{newSlug}").JsonAsync();
            Assert.Equal(("S", "D", "a,b", "https://example.org/c.png"), (
                page.GetProperty("summary").GetString(), page.GetProperty("description").GetString(), string.Join(',', page.GetProperty("tags").Texts()), page.GetProperty("coverImage").GetString()));
        }
    }

    [Fact]
    public async Task Clone_UnderTheSlugOfADeletedSignedPack_HasNoVersionTwice()
    {
        var user = SolderUser.Full(api);
        var deleted = await user.Publisher.PublishPackAsync("1.0.0");
        await user.Client.DeleteAsync($"/api/v1/packs/{deleted}").SucceedsAsync();
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1.0.0");
        await user.CreateBuildAsync(slug, "1.0.1");
        var clone = await user.Client.PostAsync($"{Path}/{slug}/clone", new { name = "Clone " + slug, slug = deleted }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["1.0.1"], clone.GetProperty("builds").EnumerateArray().Select(build => build.GetProperty("version").GetString()!));
    }

    [Fact]
    public async Task Slug_OfADeletedModpack_IsItsCreatorsToHave()
    {
        var user = SolderUser.Full(api);
        var signed = await user.Publisher.PublishPackAsync("1.0.0"); // of another game than modpacks are
        await user.Client.DeleteAsync($"/api/v1/packs/{signed}").SucceedsAsync();
        var (slug, number) = await user.CreateModpackAsync();
        await user.Client.PutAsync($"{Path}/{slug}", new { slug = signed }).UnprocessableAsync("""{"slug":["The slug field is prohibited: signed versions of a deleted modpack carry it."]}""");
        await SolderUser.Full(api).Client.PostAsync(Path, new { name = SolderUser.NewName(), slug = signed }).UnprocessableAsync("""{"slug":["The slug has already been taken."]}""");
        await user.Client.PostAsync(Path, new { name = SolderUser.NewName(), slug = signed }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal("7d2d", await api.ScalarAsync<string>("SELECT game FROM packs WHERE slug = $1", signed));

        var (free, _) = await user.CreateModpackAsync();
        await api.ExecuteAsync("UPDATE packs SET revision = 70 WHERE slug = $1", free);
        await user.Client.DeleteAsync($"{Path}/{free}").SucceedsAsync(HttpStatusCode.OK);
        Assert.Equal(number, (await user.Client.PutAsync($"{Path}/{slug}", new { slug = free }).JsonAsync()).GetProperty("id").GetInt64());
        Assert.True(await api.ScalarAsync<long>("SELECT revision FROM packs WHERE slug = $1", free) > 71);
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM packs WHERE slug = ANY ($1)", (object)new[] { slug, free }));
        var (third, _) = await user.CreateModpackAsync();
        await user.Client.PutAsync($"{Path}/{third}", new { slug = free }).UnprocessableAsync("""{"slug":["The slug has already been taken."]}""");
    }

    [Fact]
    public async Task Clone_BadBodyOrNoRight_MakesNothing()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        var before = await CountAsync();
        await user.Client.PostAsync($"{Path}/{slug}/clone", new { }).UnprocessableAsync("""{"name":["The name field is required."],"slug":["The slug field is required."]}""");
        await user.Client.PostAsync($"{Path}/{slug}/clone", new { name = "Pack " + slug, slug }).UnprocessableAsync(
            """{"name":["The name has already been taken."],"slug":["The slug has already been taken."]}""");
        await user.Client.PostAsync($"{Path}/nobody-has-this/clone", new { }).NotFoundAsync("Modpack not found.");
        await SolderUser.With(api, ["modpacks_manage"], slug).Client.PostAsync($"{Path}/{slug}/clone", new { }).UnauthorizedAsync();
        await SolderUser.With(api, ["modpacks_create", "modpacks_manage"]).Client.PostAsync($"{Path}/{slug}/clone", new { }).UnauthorizedAsync();
        var poor = user.Publisher.ClientWith(caller => caller with { Plan = "free" });
        for (var i = 0; i < 9; i++) await user.CreateModpackAsync();
        before = (before.Packs + 9, before.Marks + 9, before.Builds);
        await poor.PostAsync($"{Path}/{slug}/clone", new { name = SolderUser.NewName(), slug = SolderUser.NewName() }).JsonAsync(HttpStatusCode.PaymentRequired);
        Assert.Equal(before, await CountAsync());

        async Task<(long Packs, long Marks, long Builds)> CountAsync() => (
            await api.ScalarAsync<long>("SELECT count(*) FROM packs"), await api.ScalarAsync<long>("SELECT count(*) FROM solder_packs"), await api.ScalarAsync<long>("SELECT count(*) FROM solder_builds"));
    }
}
