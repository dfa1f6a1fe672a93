using PackRelay.Testing.Services;

namespace PackRelay.TelemetryService.Tests;

public sealed class AccessRuleTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public void Routes_ThatChangeSomething_AskForAScopeOrASessionOrAreOpenOnPurpose() => EndpointRules.AssertChangesAreGuarded(api.Services);
}
