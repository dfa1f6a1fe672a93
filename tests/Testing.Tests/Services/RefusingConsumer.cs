using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.Testing.Tests.Services;

/// <summary>Handles every event but the one that a test means to be given up.</summary>
internal sealed class RefusingConsumer : IConsumer<KeyRevoked>
{
    public const string RefusedKey = "refused";

    public Task Consume(ConsumeContext<KeyRevoked> context) =>
        string.Equals(context.Message.KeyId, RefusedKey, StringComparison.Ordinal) ? throw new InvalidOperationException("Refused, as the test wants it.") : Task.CompletedTask;
}
