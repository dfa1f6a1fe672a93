namespace PackRelay.CatalogService.Tests.RailcraftPack;

public sealed class GetOptionalModsTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    [Fact]
    public async Task OptionalMods_OfAPack_AreGroupsModsAndFilesByName()
    {
        var pack = await api.NewPackAsync(
            new PackFile("mods/alpha.txt", "a"),
            new PackFile("mods/map.txt", "m", Optional: true, Source: "v1.2"),
            new PackFile("mods/Shaders/core.txt", "s", Optional: true, Group: "Shaders, all", Source: "v2.0"),
            new PackFile("resourcepacks/light.txt", "l", Optional: true, Group: "Shaders, all"),
            new PackFile("resourcepacks/hd.txt", "h", Optional: true),
            new PackFile("mods/admin.txt", "x", Side: "server", Optional: true));

        using var answer = await api.Plain.GetAsync($"/api/get_optional_mods/?pack={pack.Slug}");
        var mods = (await answer.EnvelopeAsync(0)).GetProperty("mods");

        Assert.Equal(
            """[{"name":"Shaders, all","version":"2.0","description":null},{"name":"map.txt","version":"1.2","description":null},{"name":"resourcepacks/hd.txt","version":null,"description":null}]""",
            mods.GetRawText());
    }

    [Fact]
    public async Task OptionalMods_OfAPackWithoutAny_OrOfNoPack_AreEmpty()
    {
        var pack = await api.NewPackAsync(new PackFile("mods/alpha.txt", "a"));
        foreach (var slug in new[] { pack.Slug, "nobody-has-this", "%00", "../x" })
        {
            using var answer = await api.Plain.GetAsync($"/api/optional_mods/?pack={slug}");
            Assert.Equal("""{"result":0,"msg":"","mods":[]}""", await answer.Content.ReadAsStringAsync());
        }
    }
}
