using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Removes the webhooks of an account that was deleted. Doing it twice removes nothing more.</summary>
internal sealed class AccountChangedConsumer(EndpointQueries endpoints) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context) =>
        context.Message.Deleted ? endpoints.DeleteAllAsync(context.Message.AccountId, context.CancellationToken) : Task.CompletedTask;
}
