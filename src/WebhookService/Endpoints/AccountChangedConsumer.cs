using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Removes the webhooks of an account that was deleted. Doing it twice removes nothing more.</summary>
internal sealed class AccountChangedConsumer(EndpointQueries endpoints) : IEventConsumer<AccountChanged>
{
    public Task ConsumeAsync(AccountChanged changed, CancellationToken cancellationToken) =>
        changed.Deleted ? endpoints.DeleteAllAsync(changed.AccountId, cancellationToken) : Task.CompletedTask;
}
