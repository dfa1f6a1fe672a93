using System.Net;
using Microsoft.Extensions.Options;
using PackRelay.WebhookService.Targets;

namespace PackRelay.WebhookService.Tests.Targets;

public sealed class TargetRulesTests
{
    /// <summary>This machine and its neighbours in every notation that some resolver understands.</summary>
    public static TheoryData<string> HiddenAddresses => new(
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./",
        "https://0/", "https://0.0.0.0/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://[0:0:0:0:0:ffff:7f00:0001]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fe80::1]/", "https://[fd00::1]/",
        "https://１２７.0.0.1/", "https://127。0。0。1/", "https://①②⑦.0.0.1/", "https://[ff02::1]/", "https://100.64.0.1/", "https://192.168.0.1:8443/");

    [Theory]
    [MemberData(nameof(HiddenAddresses))]
    public void TryParse_WithAnAddressThatIsNotPublic_IsRefused(string url) => Assert.False(Rules().TryParse(url, out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData("/hook")]
    [InlineData("hook")]
    [InlineData("//example.org/hook")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.org/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://example.org/")]
    [InlineData("http://8.8.8.8/")]
    [InlineData("https://user@example.org/")]
    [InlineData("https://user:password@example.org/")]
    [InlineData("https://@example.org/")]
    [InlineData("https://example.org\\@127.0.0.1/")]
    [InlineData("https://example.org/a b")]
    [InlineData(" https://example.org/")]
    [InlineData("https://example.org/\r\nX-Injected: 1")]
    [InlineData("https://example.org/\t")]
    [InlineData("https://exa\nmple.org/")]
    [InlineData("https://example.org/\u0085")]
    [InlineData("https://example.org/\u007f")]
    [InlineData("https://example.org:0/")]
    [InlineData("https://example.org:65536/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https:///hook")]
    [InlineData("https://")]
    public void TryParse_WithAnUnfitUrl_IsRefused(string url) => Assert.False(Rules().TryParse(url, out _, out _));

    [Fact]
    public void TryParse_WithAnOverlongUrl_IsRefused()
    {
        Assert.True(Rules().TryParse("https://example.org/" + new string('a', 1_980), out _, out _));
        Assert.False(Rules().TryParse("https://example.org/" + new string('a', 1_981), out _, out _));
    }

    [Theory]
    [InlineData("https://example.org/hook?token=a%20b#x")]
    [InlineData("https://example.org:8443/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://localhost/")] // a name: its address is looked at when it is connected to
    [InlineData("https://xn--bcher-kva.example/")]
    public void TryParse_WithAnHttpsUrl_IsAccepted(string url) => Assert.True(Rules().TryParse(url, out _, out _));

    [Theory]
    [InlineData("http://127.0.0.1:5000/", true)]
    [InlineData("https://127.0.0.1:5000/", true)]
    [InlineData("http://[::1]:5000/", true)]
    [InlineData("http://[::ffff:127.0.0.1]/", true)]
    [InlineData("http://localhost:5000/", true)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://8.8.8.8/", false)] // plain http is for the allowed networks alone
    [InlineData("https://8.8.8.8/", true)]
    public void TryParse_WithAllowedNetworks_AdmitsThem(string url, bool accepted) => Assert.Equal(accepted, Rules("127.0.0.0/8, ::1/128").TryParse(url, out _, out _));

    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("10.0.0.1", true, false)]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("8.8.8.8", false, false)]
    public void Admit_AtConnection_AppliesTheSameRules(string address, bool encrypted, bool admitted) =>
        Assert.Equal(admitted, Rules("127.0.0.0/8").Admit(IPAddress.Parse(address), encrypted));

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    public void AllowedNetworks_ThatAreNoRanges_AreRefused(string networks) => Assert.Throws<OptionsValidationException>(() => Rules(networks));

    private static TargetRules Rules(string allowed = "") => new(Options.Create(new TargetOptions { AllowedNetworks = allowed }));
}
