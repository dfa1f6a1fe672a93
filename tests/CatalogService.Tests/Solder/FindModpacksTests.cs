using System.Net.Http.Json;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class FindModpacksTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Find_AmongNumbers_GivesThoseThatAreModpacksOfTheSlugs()
    {
        var user = SolderUser.Full(api);
        var (first, second) = (await user.CreateModpackAsync(), await user.CreateModpackAsync());
        Assert.Equal([first.Number, second.Number], await FindAsync(null));
        Assert.Equal([second.Number], await FindAsync([second.Slug, "nobody-has-this"]));
        Assert.Empty(await FindAsync([]));
        await user.Client.DeleteAsync($"/api/modpack/{second.Slug}").SucceedsAsync(System.Net.HttpStatusCode.OK);
        Assert.Equal([first.Number], await FindAsync(null));

        async Task<long[]> FindAsync(string[]? slugs)
        {
            using var answer = await api.Anonymous.PostAsJsonAsync("/internal/solder/modpacks", new SolderModpackNumbers([first.Number, second.Number, 999_999], slugs));
            return [.. (await answer.Content.ReadFromJsonAsync<SolderModpackNumbers>())!.Modpacks.Order()];
        }
    }
}
