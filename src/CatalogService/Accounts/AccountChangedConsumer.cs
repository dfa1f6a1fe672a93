using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.CatalogService.Accounts;

/// <summary>Follows the names of accounts, and forgets those that were deleted. Revisions make it idempotent.</summary>
internal sealed class AccountChangedConsumer(AccountQueries accounts) : IEventConsumer<AccountChanged>
{
    public Task ConsumeAsync(AccountChanged changed, CancellationToken cancellationToken) => accounts.ApplyAsync(changed, cancellationToken);
}
