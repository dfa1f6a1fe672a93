using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.Testing.Tests.Services;

/// <summary>Handles every event but the one that a test means to be given up.</summary>
internal sealed class RefusingConsumer : IEventConsumer<KeyRevoked>
{
    public const string RefusedKey = "refused";

    public Task ConsumeAsync(KeyRevoked revoked, CancellationToken cancellationToken) =>
        string.Equals(revoked.KeyId, RefusedKey, StringComparison.Ordinal) ? throw new InvalidOperationException("Refused, as the test wants it.") : Task.CompletedTask;
}
