using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.Gateway.Callers;

/// <summary>Drops a token or session that was revoked.</summary>
internal sealed class TokenRevokedConsumer(CallerCache callers) : IEventConsumer<TokenRevoked>
{
    public Task ConsumeAsync(TokenRevoked revoked, CancellationToken cancellationToken)
    {
        callers.Evict(revoked.CredentialId);
        return Task.CompletedTask;
    }
}
