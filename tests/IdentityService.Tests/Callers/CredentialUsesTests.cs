using PackRelay.IdentityService.Callers;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Callers;

public sealed class CredentialUsesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Take_AfterSeveralUses_GivesTheLatestOfEach()
    {
        var uses = new CredentialUses();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());

        uses.Record(CredentialKind.Token, first, Noon);
        uses.Record(CredentialKind.Token, first, Noon.AddSeconds(2));
        uses.Record(CredentialKind.Token, first, Noon.AddSeconds(1));
        uses.Record(CredentialKind.Session, second, Noon);

        var taken = uses.Take();
        Assert.Equal(2, taken.Count);
        Assert.Equal(Noon.AddSeconds(2), taken[(CredentialKind.Token, first)]);
        Assert.Equal(Noon, taken[(CredentialKind.Session, second)]);
        Assert.Empty(uses.Take());
    }
}
