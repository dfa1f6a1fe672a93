using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.CatalogService.Accounts;

/// <summary>The catalog's copy of account names.</summary>
internal static class AccountsFeature
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services.AddSingleton<AccountQueries>();

    public static void MapAccounts(this IEndpointRouteBuilder app) => GetProperty.Map(app);

    public static MessagingBuilder ConsumeAccounts(this MessagingBuilder bus) => bus.Subscribe(Subscriptions.CatalogAccounts, typeof(AccountChangedConsumer));
}
