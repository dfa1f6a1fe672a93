using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.CatalogService.Accounts;

/// <summary>Follows the names of accounts, and forgets those that were deleted. Revisions make it idempotent.</summary>
internal sealed class AccountChangedConsumer(AccountQueries accounts) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context) => accounts.ApplyAsync(context.Message, context.CancellationToken);
}
