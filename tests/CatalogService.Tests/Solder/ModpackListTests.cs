using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

/// <summary>Lists of a hub with more modpacks than it lists.</summary>
public sealed class ModpackListTests(ModpackListTests.ShortLists api) : IClassFixture<ModpackListTests.ShortLists>
{
    [Fact]
    public async Task List_OfMoreThanTheMost_HasTheOldestAndThoseThatAreOpenToTheReader()
    {
        var (user, other) = (SolderUser.Full(api), SolderUser.Full(api));
        var old = new List<string>();
        for (var i = 0; i < 3; i++) old.Add((await user.CreateModpackAsync()).Slug);
        var (unlisted, _) = await user.CreateModpackAsync();
        var (mine, number) = await other.CreateModpackAsync(@private: true);
        string[] withMine = [.. old, mine];
        string[] withUnlisted = [.. old, unlisted];
        var owner = other.Publisher.ClientWith(caller => caller with { Solder = SolderGrants.None });
        foreach (var query in new[] { "", "?include=full" })
        {
            Assert.Equal(old, await ListAsync(api.Anonymous, query));
            Assert.Equal(withMine, await ListAsync(owner, query));
            Assert.Equal(withMine, await ListAsync(SolderUser.Launcher(api, number), query));
            Assert.Equal(withMine, await ListAsync(SolderUser.With(api, [], mine).Client, query));
            Assert.Equal(withMine, await ListAsync(other.Client, query)); // who sees all of them, with the own ones on top
            Assert.Equal(withUnlisted, await ListAsync(user.Client, query));
            Assert.Equal(old, await ListAsync(SolderUser.Key(api), query));
        }
    }

    private static async Task<string[]> ListAsync(HttpClient client, string query) => (await client.GetAsync("/api/modpack" + query).JsonAsync()).GetProperty("modpacks").Names();

    /// <summary>With lists of three.</summary>
    public sealed class ShortLists : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Solder:MostListed"] = "3";
        }
    }
}
