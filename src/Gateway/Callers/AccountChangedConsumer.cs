using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.Gateway.Callers;

/// <summary>Drops every credential of an account whose name, role, plan or permissions changed.</summary>
internal sealed class AccountChangedConsumer(CallerCache callers) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context)
    {
        callers.Evict(context.Message.AccountId);
        return Task.CompletedTask;
    }
}
