using System.Text;
using PackRelay.TelemetryService.Influx;

namespace PackRelay.TelemetryService.Tests.Influx;

public sealed class LineProtocolTests
{
    [Fact]
    public void Point_WithTagsAndFields_IsOneLine()
    {
        var lines = new LineProtocol();
        lines.Point("heartbeat").Tag("server", "a").Field("players", 3).Field("cpu", 1.25).At(1_700_000_000_000_000_001);
        lines.Point("heartbeat").Tag("server", "b").Field("players", 0).At(7);
        Assert.Equal("heartbeat,server=a players=3i,cpu=1.25 1700000000000000001\nheartbeat,server=b players=0i 7\n", Text(lines));
    }

    [Theory]
    [InlineData("a b", "a\\ b")]
    [InlineData("a,b=c", "a\\,b\\=c")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("a\\", "a/")]
    [InlineData("a\\,b", "a/\\,b")]
    [InlineData("a\\\\", "a\\/")]
    [InlineData("a\nb", "a\\ b")]
    [InlineData("é🦊", "é🦊")]
    public void Tag_WithCharactersThatMeanSomething_IsEscaped(string value, string written)
    {
        var lines = new LineProtocol();
        lines.Point("m").Tag("t", value).Field("f", 1).At(0);
        Assert.Equal($"m,t={written} f=1i 0\n", Text(lines));
    }

    [Fact]
    public void Field_ThatIsNullOrNotFinite_IsLeftOut()
    {
        var lines = new LineProtocol();
        lines.Point("m").Field("a", (long?)null).Field("b", double.NaN).Field("c", double.PositiveInfinity).Field("d", 2L).At(0);
        Assert.Equal("m d=2i 0\n", Text(lines));
    }

    private static string Text(LineProtocol lines) => Encoding.UTF8.GetString(lines.Written.Span);
}
