using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.Gateway.Callers;

/// <summary>Drops every credential of an account whose name, role, plan, permissions or suspension changed.</summary>
internal sealed class AccountChangedConsumer(CallerCache callers) : IConsumer<AccountChanged>
{
    public Task Consume(ConsumeContext<AccountChanged> context)
    {
        callers.Evict(context.Message.AccountId);
        callers.ForgetRefusals(); // of a refused credential nobody knows whose it is: the suspension of its account may have been lifted
        return Task.CompletedTask;
    }
}
