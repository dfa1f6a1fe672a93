using System.Net;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class GetVersionModsTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Mods_OfAVersion_AreThoseOfItsManifest()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        var mods = await api.Anonymous.GetAsync($"/internal/packs/{slug}/versions/1.0.0/mods").JsonAsync();
        Assert.Equal(1, mods.GetArrayLength());
        Assert.Equal(["isRequired", "name", "sha256", "version"], mods[0].EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("A", true), (mods[0].GetProperty("name").GetString(), mods[0].GetProperty("isRequired").GetBoolean()));
    }

    [Fact]
    public async Task Mods_OfAnUnknownVersion_Are404()
    {
        var slug = await api.NewPublisher().PublishPackAsync("1.0.0");
        await api.Anonymous.GetAsync($"/internal/packs/{slug}/versions/2.0.0/mods").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }
}
