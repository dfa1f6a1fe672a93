using PackRelay.ServiceDefaults.Reloaded;
using PackRelay.Testing.Http;

namespace PackRelay.ServiceDefaults.Tests.Reloaded;

public sealed class ZstandardFrameTests
{
    [Fact]
    public async Task Of_ContentOfAnyLength_IsReadByOthers()
    {
        var lengths = new[] { 0, 1, 31, 200, 255, 256, 257, 65_535, 65_536, 131_000 };
        var frames = lengths.Select(length =>
        {
            var writer = new MessagePackWriter();
            writer.WriteString(new string('x', length));
            return (ZstandardFrame.Of(writer.Written).ToArray(), true);
        });
        Assert.Equal(lengths.Select(length => $"\"{new string('x', length)}\""), await NodeMessagePack.DecodeAsync(frames));
        Assert.Throws<ArgumentException>(() => ZstandardFrame.Of(new byte[ZstandardFrame.MaxContentBytes + 1]));
    }

    [Theory]
    [InlineData("/api/packages", true)]
    [InlineData("/API/Packages/metadata", true)]
    [InlineData("/api/compatibility/batch", true)]
    [InlineData("/api/games/SonicHeroes", true)]
    [InlineData("/api/steamgriddb/search/icon/5", true)]
    [InlineData("/api/packagesfoo", false)]
    [InlineData("/api/v1/games", false)]
    [InlineData("/static/reloaded/search/x", false)]
    [InlineData("", false)]
    public void Routes_OfTheDialect_AreKnownByTheirPath(string path, bool isIn) => Assert.Equal(isIn, ReloadedRoutes.Contains(path));
}
