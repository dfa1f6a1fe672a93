using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.CatalogService.RailcraftPack.Tags;

namespace PackRelay.CatalogService.Tests.RailcraftPack.Tags;

public sealed class PackTagTests
{
    [Fact]
    public void Next_ForALongHistory_AlwaysGrowsAsANumber()
    {
        var tag = default(PackTag);
        var last = -1m;
        for (var version = 0; version < 1_000; version++)
        {
            tag = tag.Next(isClientChange: version % 250 is 0 or 1);
            Assert.True(PackTag.TryParse(tag.ToString(), out var read) && read == tag);
            var number = decimal.Parse(tag.ToString(), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(number > last, $"{tag} after {last}");
            last = number;
        }
    }

    [Theory]
    [InlineData("3.01", 3, 1)]
    [InlineData("3", 3, 0)]
    [InlineData("3.1", 3, 10)]
    [InlineData("3.10", 3, 10)]
    [InlineData("03.100", 3, 10)]
    [InlineData("0.99", 0, 99)]
    public void TryParse_OfANumberWithHundredths_ReadsIt(string text, int whole, int hundredths)
    {
        Assert.True(PackTag.TryParse(text, out var tag));
        Assert.Equal(new PackTag(whole, hundredths), tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.001")]
    [InlineData("-1")]
    [InlineData("1e2")]
    [InlineData("1,5")]
    [InlineData("v1")]
    [InlineData("99999999999")]
    [InlineData("1\0")]
    public void TryParse_OfSomethingElse_IsNone(string text) => Assert.False(PackTag.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(512, "512B")]
    [InlineData(1023, "1023B")]
    [InlineData(1024, "1.0KB")]
    [InlineData(13_107_200, "12.5MB")]
    [InlineData(1_048_575, "1.0MB")]
    [InlineData(1_073_741_824, "1.0GB")]
    [InlineData(5_000_000_000_000, "4656.6GB")]
    public void SizeText_OfBytes_HasOneDecimal(long sizeBytes, string text) => Assert.Equal(text, SizeText.Of(sizeBytes));
}
