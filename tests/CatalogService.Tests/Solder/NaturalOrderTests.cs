using PackRelay.CatalogService.Solder;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class NaturalOrderTests
{
    // The expected lists are what PHP's natcasesort makes of them.
    [Theory]
    [InlineData("img12 img10 IMG2 img1", "img1 IMG2 img10 img12")]
    [InlineData("b A c", "A b c")]
    [InlineData("a1.10 a1.9 a1", "a1 a1.9 a1.10")]
    [InlineData("x01 x1 x001", "x001 x01 x1")]
    [InlineData("mod_b mod-a modc", "mod-a modc mod_b")]
    [InlineData("a10b2 a10b10 a9", "a9 a10b2 a10b10")]
    public void Compare_SortsAsSolderDoes(string given, string expected) => Assert.Equal(expected.Split(' '), given.Split(' ').OrderBy(text => text, NaturalOrder.Instance));

    [Theory]
    [InlineData("same", "SAME")]
    [InlineData("007", "7")]
    public void Compare_OfTheSame_IsZero(string one, string other) => Assert.Equal(0, NaturalOrder.Instance.Compare(one, other));
}
