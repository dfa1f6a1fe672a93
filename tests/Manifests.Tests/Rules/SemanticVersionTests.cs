using PackRelay.Manifests.Rules;

namespace PackRelay.Manifests.Tests.Rules;

public sealed class SemanticVersionTests
{
    [Fact]
    public void ComparePrecedence_TheSpecificationsExample_IsInOrder()
    {
        string[] ordered =
        [
            "0.9.99", "1.0.0-0", "1.0.0-2", "1.0.0-11", "1.0.0-99999999999999999999999", "1.0.0--", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0", "99999999999999999999.0.0",
        ];
        var versions = ordered.Select(Parse).ToArray();
        for (var left = 0; left < versions.Length; left++)
            for (var right = 0; right < versions.Length; right++)
                Assert.Equal(Math.Sign(left.CompareTo(right)), Math.Sign(SemanticVersion.ComparePrecedence(versions[left], versions[right])));
    }

    [Fact]
    public void ComparePrecedence_BuildMetadata_DoesNotCount() => Assert.Equal(0, SemanticVersion.ComparePrecedence(Parse("1.0.0+a"), Parse("1.0.0+b.1")));

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("1.2.3-beta", true)]
    [InlineData("1.2.3-beta.1", true)]
    [InlineData("0.0.0-0a.x-y", true)]
    [InlineData("1.2.3+build", false)]
    [InlineData("1.2", false)]
    [InlineData("1.2.3.4", false)]
    [InlineData("v1.2.3", false)]
    [InlineData("01.2.3", false)]
    [InlineData("1.2.3-01", false)]
    [InlineData("1.2.3-", false)]
    [InlineData("1.2.3-a..b", false)]
    [InlineData("1.2.3-ä", false)]
    [InlineData("1.2.٣", false)]
    [InlineData(" 1.2.3", false)]
    [InlineData("1.2.3\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsManifestVersion_FollowsTheGrammar(string? text, bool valid) => Assert.Equal(valid, SemanticVersion.IsManifestVersion(text));

    [Fact]
    public void TryParse_TextOfMoreThan64Characters_IsRefused()
    {
        Assert.True(SemanticVersion.TryParse("1.0.0-" + new string('a', 58), out _));
        Assert.False(SemanticVersion.TryParse("1.0.0-" + new string('a', 59), out _));
    }

    [Theory]
    [InlineData("1.0.0+a.01-b", "a.01-b")]
    [InlineData("1.0.0-x+a", "a")]
    [InlineData("1.0.0-x", null)]
    public void TryParse_BuildMetadata_IsKept(string text, string? build) => Assert.Equal(build, Parse(text).Build);

    [Theory]
    [InlineData("1.0.0+")]
    [InlineData("1.0.0+a+b")]
    public void TryParse_BrokenBuildMetadata_IsRefused(string text) => Assert.False(SemanticVersion.TryParse(text, out _));

    private static SemanticVersion Parse(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version), text);
        Assert.Equal(text, version.ToString());
        return version;
    }
}
