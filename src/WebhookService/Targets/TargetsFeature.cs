namespace PackRelay.WebhookService.Targets;

/// <summary>Decides where webhooks may be sent.</summary>
internal static class TargetsFeature
{
    public const string AllowedNetworksRule = "Webhooks:AllowedNetworks must be comma-separated CIDR ranges, such as 127.0.0.0/8,::1/128.";

    public static IServiceCollection AddTargets(this IServiceCollection services)
    {
        services.AddOptions<TargetOptions>().BindConfiguration("Webhooks")
            .Validate(options => options.TryGetNetworks(out _), AllowedNetworksRule)
            .ValidateOnStart();
        return services
            .AddSingleton<TargetRules>()
            .AddSingleton<HostNames>()
            .AddSingleton<HostResolver>(provider => provider.GetRequiredService<HostNames>().ResolveAsync)
            .AddSingleton<TargetConnector>();
    }
}
