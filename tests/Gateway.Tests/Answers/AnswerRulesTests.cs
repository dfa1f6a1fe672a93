using PackRelay.Gateway.Answers;

namespace PackRelay.Gateway.Tests.Answers;

public sealed class AnswerRulesTests
{
    [Theory]
    [InlineData("/api/v1/packs", "packs")]
    [InlineData("/api/v1/packs/a", "pack a")]
    [InlineData("/api/v1/packs/a/versions", "pack a")]
    [InlineData("/api/v1/packs/a/versions/1.0.0", "pack a")]
    [InlineData("/api/v1/packs/a/manifest", "pack a")]
    [InlineData("/api/v1/packs/a/manifest/1.0.0", "pack a")]
    [InlineData("/api/v1/servers", "servers")]
    [InlineData("/api/v1/servers/a", "server a")]
    [InlineData("/api/v1/servers/a/manifest", "server a")]
    [InlineData("/api/v1/servers/a/uptime", "server a")]
    [InlineData("/api/v1/servers/a/badge.svg", "server a")]
    [InlineData("/api/v1/servers/a/players.svg", "server a")]
    [InlineData("/api/v1/packs/a/badge.svg", "pack a")]
    [InlineData("/api/v1/stats", "stats")]
    [InlineData("/api/v1/keys/a%2Fmain", "key a/main")]
    [InlineData("/api/v1/keys/a/main", "key a/main")]
    [InlineData("/api/v1/frameworks/bepinex/1.0.0", "frameworks")]
    public void TryFind_PublicReads_AreKeptUnderWhatTheyAreAbout(string path, string tag)
    {
        Assert.True(AnswerRules.TryFind(path, out _, out var tags));
        Assert.Equal(tag, tags.First);
    }

    [Theory]
    [InlineData("/api/v1/packs/a/download")] // counted
    [InlineData("/api/v1/packs/a/members")]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/me/favorites")]
    [InlineData("/api/v1/files/exists")]
    [InlineData("/api/v1/servers/a/metrics")]
    [InlineData("/api/v1/servers/a/players")] // the owner may hide them again
    [InlineData("/api/v1/webhooks")]
    [InlineData("/health")]
    public void TryFind_EverythingElse_IsNotKept(string path) => Assert.False(AnswerRules.TryFind(path, out _, out _));

    [Theory]
    [InlineData("/api/v1/packs", "packs")]
    [InlineData("/api/v1/packs/a", "pack a,packs,servers")]
    [InlineData("/api/v1/packs/a/versions/1.0.0/withdraw", "pack a,packs,servers")]
    [InlineData("/api/v1/packs/a/favorite", "pack a,packs,servers")]
    [InlineData("/API/v1/PACKS/a/", "pack a,packs,servers")] // the same route to the services
    [InlineData("/api/v1/Keys/a%2fmain", "key a/main")]
    [InlineData("/api/v1/servers/a/pack", "server a,servers")]
    [InlineData("/api/v1/servers/a/heartbeat", "")]
    [InlineData("/api/v1/heartbeats", "")]
    [InlineData("/api/v1/keys/a%2Fmain", "key a/main")]
    [InlineData("/api/v1/keys/a/main", "key a/main")]
    [InlineData("/api/v1/webhooks", "")]
    public void Changed_ByAWrite_NamesWhatShowsIt(string path, string tags) => Assert.Equal(tags, string.Join(',', AnswerRules.Changed(path)));
}
