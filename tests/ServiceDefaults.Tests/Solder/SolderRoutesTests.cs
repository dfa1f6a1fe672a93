using PackRelay.ServiceDefaults.Observability;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.ServiceDefaults.Tests.Solder;

public sealed class SolderRoutesTests
{
    [Theory]
    [InlineData("/api", true)]
    [InlineData("/api/", true)]
    [InlineData("/api/modpack", true)]
    [InlineData("/API/ModPack/a/1", true)]
    [InlineData("/api/mod/a", true)]
    [InlineData("/api/verify/x", true)]
    [InlineData("/api/client", true)]
    [InlineData("/api/token/5", true)]
    [InlineData("/api/minecraft/refresh", true)]
    [InlineData("/api/modpacks", false)]
    [InlineData("/api/mods", false)]
    [InlineData("/api/v1/packs", false)]
    [InlineData("/api/packs/draft-seed", false)]
    [InlineData("/apis", false)]
    [InlineData("/mirror/mods/a/a-1.zip", false)]
    [InlineData("/", false)]
    public void Contains_KnowsTheDialectsPaths(string path, bool expected) => Assert.Equal(expected, SolderRoutes.Contains(path));

    [Theory]
    [InlineData("/api/verify/the-key", "/api/verify/***")]
    [InlineData("/API/Verify/the-key", "/api/verify/***")]
    [InlineData("/api/modpack/a", "/api/modpack/a")]
    public void Path_InASpan_DoesNotShowAKey(string path, string shown) => Assert.Equal(shown, ServerSpanNames.Shown(path));

    [Fact]
    public void Time_HasSixDigits() =>
        Assert.Equal("2026-03-31T10:00:00.123400Z", SolderTime.Write(new DateTimeOffset(2026, 3, 31, 12, 0, 0, TimeSpan.FromHours(2)).AddMicroseconds(123_400)));
}
