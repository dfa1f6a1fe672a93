using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Tests.Rules;

public sealed class ManifestPathsTests
{
    [Theory]
    [InlineData("Mods/A/b.txt")]
    [InlineData("Mods/A b/ümlaut 🦊.dll")]
    [InlineData("Mods/.hidden/..x/a..b")]
    [InlineData("Mods/console/com10/nullable.txt/auxiliary")]
    [InlineData("Mods/packrelay-manifest.json")]
    public void Check_GoodPath_IsAccepted(string path) => Assert.Null(ManifestPaths.Check(path, 1));

    [Theory]
    [InlineData("")]
    [InlineData("/Mods/a")]
    [InlineData("\\Mods\\a")]
    [InlineData("Mods\\a")]
    [InlineData("C:/Mods/a")]
    [InlineData("Mods/a:stream")]
    [InlineData("Mods//a")]
    [InlineData("Mods/a/")]
    [InlineData("Mods/")]
    [InlineData("Mods/./a")]
    [InlineData("Mods/../../etc/passwd")]
    [InlineData("..")]
    [InlineData("Mods/a.")]
    [InlineData("Mods/a /b")]
    [InlineData("Mods/...")]
    [InlineData("Mods/a\u0000b")]
    [InlineData("Mods/a\u001fb")]
    [InlineData("Mods/a\nb")]
    [InlineData("Mods/a\u007fb")]
    [InlineData("Mods/a\u0085b")]
    [InlineData("Mods/a*")]
    [InlineData("Mods/a?")]
    [InlineData("Mods/\"a\"")]
    [InlineData("Mods/<a")]
    [InlineData("Mods/a>")]
    [InlineData("Mods/a|b")]
    [InlineData("Mods/CON")]
    [InlineData("Mods/nul.txt")]
    [InlineData("Mods/Aux.tar.gz")]
    [InlineData("Mods/prn .txt")]
    [InlineData("Mods/com1")]
    [InlineData("Mods/LPT9.log")]
    [InlineData("Mods/COM².x")]
    [InlineData("Mods/conin$")]
    [InlineData("Mods/nul/x")]
    [InlineData("Mods/_packrelay-manifest.json")]
    [InlineData("Mods/a/_PackRelay-Manifest.JSON")]
    public void Check_PathThatIsNotSafeEverywhere_IsRefused(string path)
    {
        Assert.NotNull(ManifestPaths.Check(path, 1));
        Assert.NotNull(ManifestPaths.Check(path, 3));
    }

    [Theory]
    [InlineData("mods/a")]
    [InlineData("Mods")]
    [InlineData("ModsX/a")]
    [InlineData("Data/a")]
    public void Check_FirstSegment_IsModsBeforeVersion3(string path)
    {
        Assert.NotNull(ManifestPaths.Check(path, 1));
        Assert.NotNull(ManifestPaths.Check(path, 2));
        Assert.Null(ManifestPaths.Check(path, 3));
    }

    [Fact] // not among the data above: attributes are stored as UTF-8, which has no lone surrogates
    public void Check_HalfOfASurrogatePair_IsRefused() => Assert.Equal("must not have half of a surrogate pair", ManifestPaths.Check("Mods/\ud800x", 1));

    [Fact]
    public void Check_Lengths_AreBounded()
    {
        Assert.Null(ManifestPaths.Check(new string('a', 255), 3));
        Assert.NotNull(ManifestPaths.Check(new string('a', 256), 3));
        Assert.Null(ManifestPaths.Check(new string('é', 127), 3));
        Assert.NotNull(ManifestPaths.Check(new string('é', 128), 3));
        Assert.Null(ManifestPaths.Check(string.Join('/', Enumerable.Repeat(new string('a', 204), 5)), 3));
        Assert.NotNull(ManifestPaths.Check(string.Join('/', Enumerable.Repeat(new string('a', 204), 5)) + "a", 3));
    }

    [Theory]
    [InlineData("Mods/a", "Mods/a")]
    [InlineData("Mods/A/x", "Mods/a/X")]
    [InlineData("Mods/é", "Mods/e\u0301")]
    [InlineData("Mods/É", "Mods/e\u0301")]
    [InlineData("Mods/\u1ebf", "Mods/e\u0302\u0301")]
    [InlineData("Mods/a\u0323\u0307", "Mods/a\u0307\u0323")]
    [InlineData("Mods/\uac01", "Mods/\u1100\u1161\u11a8")]
    [InlineData("Mods/\u212b", "Mods/å")]
    [InlineData("Mods/ÿ", "Mods/Ÿ")]
    [InlineData("Mods/\U0001D15E", "Mods/\U0001D157\U0001D165")]
    [InlineData("Mods/a", "Mods/a/b")]
    [InlineData("Mods/E\u0301", "Mods/é/b")]
    public void Read_PathsThatCollideSomewhere_AreRefused(string first, string second)
    {
        foreach (var paths in new[] { new[] { first, "Mods/a-b", "Mods/other", second }, [second, "Mods/a.b", first] })
        {
            var problem = Assert.Single(Samples.Object().WithFiles(paths).Read().Problems);
            Assert.Equal($"files[{paths.Length - 1}].path", problem.Path);
            Assert.Contains("files[0].path", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_PathsThatOnlyLookAlike_AreAccepted() =>
        Assert.True(Samples.Object().WithFiles("Mods/e", "Mods/é", "Mods/ê", "Mods/ab", "Mods/a/b", "Mods/a.b", "Mods/a-b/c", "Mods/ß", "Mods/ss").Read().IsValid);
}
