using System.Net;
using PackRelay.ServiceDefaults.RateLimiting;

namespace PackRelay.ServiceDefaults.Tests.RateLimiting;

public sealed class RateLimitSubjectTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::ffff", "2001:db8:1:2::/64")]
    [InlineData("::1", "::/64")]
    public void Of_AnAddress_IsTheAddressOrItsNetwork(string address, string expected) => Assert.Equal(expected, RateLimitSubject.Of(IPAddress.Parse(address)));

    [Fact]
    public void Of_NoAddress_IsUnknown() => Assert.Equal("unknown", RateLimitSubject.Of(null));

    [Fact]
    public void OfText_AnyText_IsThirtyTwoHexDigitsThatTellNothing()
    {
        Assert.Matches("^[0-9a-f]{32}$", RateLimitSubject.OfText("someone@example.org\r\n*"));
        Assert.NotEqual(RateLimitSubject.OfText("a"), RateLimitSubject.OfText("b"));
    }
}
