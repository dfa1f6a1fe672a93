using System.Text;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Tests.Secrets;

public sealed class WebhookSecretTests
{
    [Fact]
    public void SignBody_OfTheKnownVector_GivesItsSignature()
    {
        var body = Encoding.UTF8.GetBytes("""{"event":"pack.version_published","slug":"vector-one","version":"1.0.0"}""");

        Assert.Equal("sha256=05f6e4f4fe155962adb5066a4e6ecb983e77b74cf55b246aba73359282c326b8", new WebhookSecret("whsec_test").SignBody(body));
    }
}
