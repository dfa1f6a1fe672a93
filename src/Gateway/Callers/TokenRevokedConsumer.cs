using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.Gateway.Callers;

/// <summary>Drops a token or session that was revoked.</summary>
internal sealed class TokenRevokedConsumer(CallerCache callers) : IConsumer<TokenRevoked>
{
    public Task Consume(ConsumeContext<TokenRevoked> context)
    {
        callers.Evict(context.Message.CredentialId);
        return Task.CompletedTask;
    }
}
