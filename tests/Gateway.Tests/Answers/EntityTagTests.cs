using PackRelay.Gateway.Answers;

namespace PackRelay.Gateway.Tests.Answers;

public sealed class EntityTagTests
{
    [Theory]
    [InlineData("\"abc\"", true)]
    [InlineData("W/\"abc\"", true)]
    [InlineData("\"abc-gzip\"", true)]
    [InlineData("W/\"abc-br\"", true)]
    [InlineData("\"x\", \"abc\"", true)]
    [InlineData("\"x,y\",W/\"z\" , \"abc\"", true)]
    [InlineData("*", true)]
    [InlineData("\"abcd\"", false)]
    [InlineData("\"abc-zstd\"", false)]
    [InlineData("\"ab\"", false)]
    [InlineData("abc", false)]
    [InlineData("\"abc", false)]
    [InlineData("W/", false)]
    [InlineData("", false)]
    [InlineData("\"\"", false)]
    public void Matches_IfNoneMatch_ComparesWeaklyWithEveryCoding(string header, bool expected) => Assert.Equal(expected, EntityTag.Matches(header, "abc"));

    [Fact]
    public void Matches_SeveralHeaders_LooksAtAll() => Assert.True(EntityTag.Matches(new(["\"x\"", "\"abc\""]), "abc"));

    [Fact]
    public void Of_WithTheServicesTag_KeepsIt()
    {
        Assert.Equal("\"abc-br\"", EntityTag.Of("\"abc\"", "body"u8).Header(EntityTag.BrotliSuffix));
        Assert.Equal("W/\"abc\"", EntityTag.Of("W/\"abc\"", "body"u8).Header(""));
    }

    [Fact]
    public void Of_WithoutATag_HashesTheBody()
    {
        var tag = EntityTag.Of(default, "body"u8);
        Assert.Equal("\"230d8358dc8e8890b4c58deeb62912ee\"", tag.Header(""));
        Assert.NotEqual(tag, EntityTag.Of(default, "other"u8));
    }
}
