using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.Gateway.Callers;

/// <summary>Drops every credential of an account whose name, role, plan, permissions or suspension changed.</summary>
internal sealed class AccountChangedConsumer(CallerCache callers) : IEventConsumer<AccountChanged>
{
    public Task ConsumeAsync(AccountChanged changed, CancellationToken cancellationToken)
    {
        callers.Evict(changed.AccountId);
        callers.ForgetRefusals(); // of a refused credential nobody knows whose it is: the suspension of its account may have been lifted
        return Task.CompletedTask;
    }
}
