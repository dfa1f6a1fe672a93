using PackRelay.Testing.Services;

namespace PackRelay.WebhookService.Tests;

public sealed class AccessRuleTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public void Routes_ThatChangeSomething_AskForAScopeOrASessionOrAreOpenOnPurpose() => EndpointRules.AssertChangesAreGuarded(api.Services);
}
