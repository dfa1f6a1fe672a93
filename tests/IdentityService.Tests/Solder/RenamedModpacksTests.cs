using Microsoft.Extensions.DependencyInjection;
using PackRelay.Contracts;
using PackRelay.IdentityService.Solder;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Solder;

/// <summary>Access to a modpack through its renames, in whichever order they are told.</summary>
public sealed class RenamedModpacksTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private readonly string a = IdentityApi.FreshName();

    private readonly string b = IdentityApi.FreshName();

    private readonly Guid pack = Guid.NewGuid();

    private RenamedModpacks Consumer => ActivatorUtilities.CreateInstance<RenamedModpacks>(api.Services);

    [Fact]
    public async Task Removal_OfTheSlugThatAModpackLeft_TakesNoAccess()
    {
        var (person, token) = await GivenAsync(a);
        await Consumer.ConsumeAsync(Removed(a, renamedTo: b), CancellationToken.None);
        Assert.Equal(a, await SlugsAsync(person));
        await Consumer.ConsumeAsync(Renamed(a, b, 2), CancellationToken.None);
        Assert.Equal((b, b), (await SlugsAsync(person), await SlugOfAsync(token)));
        await Consumer.ConsumeAsync(Removed(b, renamedTo: null), CancellationToken.None);
        Assert.Equal("", await SlugsAsync(person));
    }

    [Theory]
    [InlineData("there, back")]
    [InlineData("back, there")]
    [InlineData("at once")]
    public async Task Renames_ThereAndBack_LeaveAccessWhereItWas(string order)
    {
        var (person, token) = await GivenAsync(a);
        var (there, back) = (Renamed(a, b, 2), Renamed(b, a, 3));
        if (order == "at once")
        {
            await Task.WhenAll(Consumer.ConsumeAsync(there, CancellationToken.None), Consumer.ConsumeAsync(back, CancellationToken.None));
        }
        else
        {
            foreach (var renamed in order == "there, back" ? new[] { there, back } : [back, there]) await Consumer.ConsumeAsync(renamed, CancellationToken.None);
        }

        Assert.Equal((a, a), (await SlugsAsync(person), await SlugOfAsync(token)));
    }

    [Fact]
    public async Task Rename_ThatWasOvertaken_LeadsToTheNewestSlug()
    {
        var c = IdentityApi.FreshName();
        var (person, token) = await GivenAsync(a);
        await Consumer.ConsumeAsync(Renamed(b, c, 3), CancellationToken.None);
        await Consumer.ConsumeAsync(Renamed(a, b, 2), CancellationToken.None);
        Assert.Equal((c, c), (await SlugsAsync(person), await SlugOfAsync(token)));
    }

    [Fact]
    public async Task Rename_ThatComesAgain_LeavesTheModpackThatIsCalledSoNow()
    {
        var renamed = Renamed(a, b, 2);
        await Consumer.ConsumeAsync(renamed, CancellationToken.None);
        var (person, token) = await GivenAsync(a); // another modpack by now
        await Consumer.ConsumeAsync(renamed, CancellationToken.None);
        Assert.Equal((a, a), (await SlugsAsync(person), await SlugOfAsync(token)));
    }

    private SolderModpackRenamed Renamed(string from, string to, long revision) => new(Guid.NewGuid(), api.Clock.GetUtcNow(), from, to, pack, revision);

    private PackRemoved Removed(string slug, string? renamedTo) => new(Guid.NewGuid(), api.Clock.GetUtcNow(), slug, 9, Guid.NewGuid(), "x", renamedTo);

    private async Task<(Guid Person, string Token)> GivenAsync(string slug)
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        await api.ExecuteAsync("UPDATE accounts SET solder_modpacks = ARRAY[$2] WHERE id = $1", person.Id, slug);
        return (person.Id, (await IdentityApi.MintAsync(person, new { name = "ci", packs = new[] { slug } })).Token);
    }

    private async Task<string> SlugsAsync(Guid person) => string.Join(',', (await api.ScalarAsync<string[]>("SELECT solder_modpacks FROM accounts WHERE id = $1", person))!);

    private async Task<string> SlugOfAsync(string token) => Assert.Single((await api.ResolveAsync(CredentialKind.Token, token))!.Packs!);
}
