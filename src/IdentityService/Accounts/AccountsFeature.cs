using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Discovery;

namespace PackRelay.IdentityService.Accounts;

/// <summary>Accounts and what their owners do with them.</summary>
internal static class AccountsFeature
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration("Identity").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FirstAdminOptions>().BindConfiguration("Identity:Admin").ValidateDataAnnotations().ValidateOnStart();
        services.AddServiceClient(CatalogProperty.ServiceName, TimeSpan.FromSeconds(5));
        return services.AddSingleton<PasswordProof>().AddSingleton<CatalogProperty>().AddHostedService<FirstAdmin>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        CreateAccount.Map(routes);
        var me = routes.MapGroup("/api/v1/me").NeverStore();
        GetMe.Map(me);
        UpdateMe.Map(me);
        DeleteMe.Map(me);
        BecomeServerOwner.Map(me);
        ChangePassword.Map(me);
        GetMyEmail.Map(me);
        ChangeMyEmail.Map(me);
    }
}
