namespace PackRelay.WebhookService.Secrets;

/// <summary>Keeps signing secrets encrypted.</summary>
internal static class SecretsFeature
{
    public static IServiceCollection AddSecrets(this IServiceCollection services)
    {
        services.AddOptions<SecretOptions>().BindConfiguration("Webhooks").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<SecretVault>().AddHostedService<ResealWorker>();
    }
}
