using System.Net;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class EmptySolderTests(EmptySolderTests.WithoutMods api) : IClassFixture<EmptySolderTests.WithoutMods>
{
    [Fact]
    public Task Modpacks_WhenThereAreNone_AreAnEmptyObject() =>
        api.Anonymous.GetAsync("/api/modpack").AnswersAsync(HttpStatusCode.OK, """{"modpacks":{},"mirror_url":"https://mods.example.com/files/"}""");

    [Theory]
    [InlineData("/api/mod")]
    [InlineData("/api/mod/any")]
    [InlineData("/api/mod/any/1.0")]
    public Task Mods_WhenTheSwitchIsOff_AreDisabled(string path) => api.Anonymous.GetAsync(path).NotFoundAsync("Mod API has been disabled");

    [Fact]
    public async Task Zip_OfAnExternalMirror_IsThere()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0");
        var (slug, _) = await user.CreateModpackAsync(hidden: true);
        await user.CreateBuildAsync(slug, "1");
        await user.AddModAsync(slug, "1", mod, "1.0");
        var build = await user.ReadAsync($"modpack/{slug}/1");
        Assert.Equal($"https://mods.example.com/files/mods/{mod}/{mod}-1.0.zip", build.GetProperty("mods")[0].GetProperty("url").GetString());
        await user.Client.DeleteAsync($"/api/modpack/{slug}").SucceedsAsync(HttpStatusCode.OK);
    }

    /// <summary>With a mirror elsewhere and without the reads of mods.</summary>
    public sealed class WithoutMods : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Solder:ModApi"] = "false";
            settings["Solder:MirrorUrl"] = "https://mods.example.com/files";
        }
    }
}
