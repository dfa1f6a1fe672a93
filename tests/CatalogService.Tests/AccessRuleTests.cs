using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests;

public sealed class AccessRuleTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public void Routes_ThatChangeSomething_AskForAScopeOrASessionOrAreOpenOnPurpose() => EndpointRules.AssertChangesAreGuarded(api.Services);
}
