using System.Globalization;
using PackRelay.CatalogService.Reloaded.Packages;

namespace PackRelay.CatalogService.Tests.Reloaded.Packages;

public sealed class PackageHashTests
{
    [Theory]
    [InlineData("reloaded3.utility.reloadedhooks.s56", "ff900b821c9f5e89")]
    [InlineData("reloaded3.gamesupport.persona5royal.s56", "97b041122b2451a9")]
    [InlineData("reloaded3.gamesupport.p5rpc.s56", "c88fcd6edc933d2a")]
    [InlineData("reloaded3.utility.examplemod.s56", "5185e847cc41884f")]
    [InlineData("reloaded3.utility.examplemod.s56.de", "5185b39856ddfcf4")]
    [InlineData("", "2d06800538d394c2")]
    [InlineData("a", "e6c632b61e964e1f")]
    [InlineData("café", "4c83dbd5f29d367f")]
    [InlineData("SonicHeroes", "b581ca9d13e00625")]
    [InlineData("persona5royal", "45edc173428b3885")]
    public void Of_KnownId_IsItsHash(string id, string hash) => Assert.Equal(hash, PackageHash.Text(PackageHash.Of(id)));

    [Theory]
    [InlineData(0, "2d06800538d394c2")]
    [InlineData(1, "c44bdff4074eecdb")]
    [InlineData(2, "d6645fc3051a9457")]
    [InlineData(3, "5f4299fc161c9cbb")]
    [InlineData(4, "60dab036a58211f2")]
    [InlineData(5, "b075753a84ca0fbe")]
    [InlineData(8, "3a1c2d7c85af88f8")]
    [InlineData(9, "e9612598145bb9dc")]
    [InlineData(16, "8355e3a6f61770db")]
    [InlineData(17, "9ef341a99de37328")]
    [InlineData(32, "3523581fe96e4c05")]
    [InlineData(33, "e68c56ba88991e58")]
    [InlineData(64, "6187eb9089b0ed55")]
    [InlineData(65, "6928c76ce90422d0")]
    [InlineData(96, "278a3e12ea046dfb")]
    [InlineData(97, "e7220282dc4e14f4")]
    [InlineData(128, "85c6174c7ff4c46b")]
    [InlineData(129, "ec7642b431ba3e5a")]
    [InlineData(144, "028e1e35ff4c0a01")]
    [InlineData(240, "375a384d957fe865")]
    [InlineData(241, "02e8cd95421c6d02")]
    [InlineData(256, "44f5d90dacde463a")]
    [InlineData(512, "5c021aac13954143")]
    [InlineData(1023, "d3d91d80ac495685")]
    [InlineData(1024, "e5d78bafa45b2aa5")]
    [InlineData(1025, "e95c42288f28186e")]
    [InlineData(2048, "25339063db861586")]
    [InlineData(4097, "b69d29f17d48293f")]
    [InlineData(65536, "aaae63800707a868")]
    [InlineData(100000, "42c23aeead96750d")]
    public void Xxh3_OfEachLengthClass_IsTheReferenceValue(int length, string hash) =>
        Assert.Equal(hash, PackageHash.Text(Libxxhash.Xxh3([.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))])));

    [Theory]
    [InlineData("ff900b821c9f5e89", 0xff900b821c9f5e89)]
    [InlineData("FF900B821C9F5E89", 0xff900b821c9f5e89)]
    [InlineData("0000000000000000", 0ul)]
    public void TryParse_SixteenDigits_ReadsThem(string text, ulong hash)
    {
        Assert.True(PackageHash.TryParse(text, out var read));
        Assert.Equal(hash, read);
        Assert.Equal(hash, PackageHash.FromColumn(PackageHash.Column(read)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff900b821c9f5e8")]
    [InlineData("ff900b821c9f5e890")]
    [InlineData(" f900b821c9f5e89")]
    [InlineData("+f900b821c9f5e89")]
    [InlineData("gf900b821c9f5e89")]
    [InlineData("0xff900b821c9f5e")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(PackageHash.TryParse(text, out _));

    [Fact]
    public void DeltaHeader_OfTheDialectsPage_HasItsHash() => // id, old and new version, each ended by a zero
        Assert.Equal("7170ae3c912e0927", Libxxhash.Xxh3("reloaded3.utility.reloadedhooks.s56\02.2.0\02.3.0\0"u8).ToString("x16", CultureInfo.InvariantCulture));
}
