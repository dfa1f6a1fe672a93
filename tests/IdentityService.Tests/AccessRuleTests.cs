using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests;

public sealed class AccessRuleTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public void Routes_ThatChangeSomething_AskForAScopeOrASessionOrAreOpenOnPurpose() => EndpointRules.AssertChangesAreGuarded(api.Services, "RevokeToken");
}
