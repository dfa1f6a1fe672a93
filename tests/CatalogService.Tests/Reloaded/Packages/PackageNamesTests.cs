using PackRelay.CatalogService.Reloaded.Packages;

namespace PackRelay.CatalogService.Tests.Reloaded.Packages;

public sealed class PackageNamesTests
{
    [Theory]
    [InlineData("reloaded3.utility.reloadedhooks.s56")]
    [InlineData("reloaded3.utility.reloadedhooks.s56.win+x64-v3")]
    [InlineData("reloaded3.utility.examplemod.s56.tl-de")]
    [InlineData("a")]
    public void Id_ByThePattern_IsGood(string id) => Assert.True(PackageId.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData("Reloaded3.utility")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("nul.mod")]
    [InlineData("café.mod")]
    [InlineData("a\0b")]
    public void Id_ThatIsNoFileNameOrNotLowerCase_IsRefused(string id) => Assert.False(PackageId.IsValid(id));

    [Fact]
    public void Id_OfMoreThan255Letters_IsRefused()
    {
        Assert.True(PackageId.IsValid(new string('a', 255)));
        Assert.False(PackageId.IsValid(new string('a', 256)));
    }

    [Fact]
    public void Versions_InOrder_AreOrderedByPrecedence()
    {
        string[] ordered =
        [
            "0.0.0.0.9", "0.0.0.1.2", "0.0.0.1.2.0", "0.0.0.1.10", "0.0.0.1.b", "0.0.0-a", "0.0.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
            "1.0.1", "1.10.0", "2.0.0", "99999999999999999999.0.0",
        ];
        var parsed = ordered.Select(Parse).ToArray();
        for (var i = 0; i < parsed.Length; i++)
        {
            for (var j = 0; j < parsed.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(PackageVersion.ComparePrecedence(parsed[i], parsed[j])));
        }
    }

    [Theory]
    [InlineData("1.0.0-rc.1", true)]
    [InlineData("1.0.0", false)]
    [InlineData("0.0.0.1.2-x", false)]
    public void Version_IsPreRelease_ByItsHyphen(string version, bool isPreRelease) => Assert.Equal(isPreRelease, Parse(version).IsPreRelease);

    [Theory]
    [InlineData("1.0")]
    [InlineData("v1.0.0")]
    [InlineData("01.0.0")]
    [InlineData("0.0.0.")]
    [InlineData("0.0.0.a..b")]
    [InlineData("0.0.1.2")]
    [InlineData("")]
    public void Version_OfAnotherShape_IsRefused(string version) => Assert.False(PackageVersion.TryParse(version, out _));

    [Theory]
    [InlineData("Id = \"a.b\"\nName = \"N\"\nSummary = 'S'\n[Deep]\nName = \"x\"", "a.b", "N", "S")]
    [InlineData("Name = 5", null, null, null)]
    [InlineData("Name = \"N\"...", null, null, null)]
    [InlineData("not toml at all", null, null, null)]
    [InlineData("", null, null, null)]
    public void Toml_OfAnyKind_GivesWhatItNames(string text, string? id, string? name, string? summary) => Assert.Equal(new PackageToml(id, name, summary), PackageToml.Read(text));

    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    [InlineData("a.")]
    public void Toml_NestedDeeply_IsPutUpWith(string part) =>
        Assert.Equal(new PackageToml(null, null, null), PackageToml.Read("x = " + string.Concat(Enumerable.Repeat(part, 80_000))));

    private static PackageVersion Parse(string text) => PackageVersion.TryParse(text, out var version) ? version : throw new FormatException(text);
}
