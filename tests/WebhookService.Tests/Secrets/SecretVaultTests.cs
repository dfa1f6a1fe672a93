using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Tests.Secrets;

public sealed class SecretVaultTests
{
    private const string OldKey = "the key of last year, 32 or more";

    private const string NewKey = "the key of this year, 32 or more";

    private static readonly byte[] Body = [1, 2, 3];

    private readonly Guid endpoint = Guid.NewGuid();

    [Fact]
    public void Create_Always_IsPrefixedAnd32BytesLong()
    {
        var secret = SecretVault.Create();

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        Assert.NotEqual(secret, SecretVault.Create());
    }

    [Fact]
    public void TryOpen_WithTheKeyThatSealed_GivesTheSecretBack()
    {
        var secret = SecretVault.Create();
        var sealedSecret = Vault(OldKey).Seal(endpoint, secret);

        Assert.True(Vault(OldKey).TryOpen(endpoint, sealedSecret, out var opened));
        Assert.Equal(new WebhookSecret(secret).SignBody(Body), opened.SignBody(Body));
    }

    [Fact]
    public void Seal_Always_HidesTheSecretAndNeverRepeatsItself()
    {
        var secret = SecretVault.Create();
        var (first, second) = (Vault(OldKey).Seal(endpoint, secret), Vault(OldKey).Seal(endpoint, secret));

        Assert.DoesNotContain(secret, Encoding.Latin1.GetString(first.Bytes), StringComparison.Ordinal);
        Assert.NotEqual(first.Bytes, second.Bytes);
    }

    [Fact]
    public void TryOpen_AfterAChangeOfKeys_NeedsThePreviousOne()
    {
        var sealedSecret = Vault(OldKey).Seal(endpoint, SecretVault.Create());

        Assert.True(Vault(NewKey, OldKey).TryOpen(endpoint, sealedSecret, out _));
        Assert.False(Vault(NewKey).TryOpen(endpoint, sealedSecret, out _));
    }

    [Fact]
    public void TryOpen_ForAnotherEndpoint_Fails()
    {
        var sealedSecret = Vault(OldKey).Seal(endpoint, SecretVault.Create());

        Assert.Throws<AuthenticationTagMismatchException>(() => Vault(OldKey).TryOpen(Guid.NewGuid(), sealedSecret, out _));
    }

    private static SecretVault Vault(string key, string? previous = null) => new(Options.Create(new SecretOptions { SecretsKey = key, PreviousSecretsKey = previous }));
}
