namespace PackRelay.IdentityService.Secrets;

/// <summary>Registers what every kind of credential is made and checked with.</summary>
internal static class SecretsFeature
{
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.AddOptions<PasswordWorkOptions>().BindConfiguration("Identity:Passwords").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Passwords>().AddSingleton<PasswordAttempts>();
    }
}
