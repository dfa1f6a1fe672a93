using PackRelay.IdentityService.Secrets;

namespace PackRelay.IdentityService.Tokens;

/// <summary>API tokens of an account.</summary>
internal static class TokensFeature
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration("Identity:Tokens").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/v1/me/tokens").NeverStore();
        CreateToken.Map(tokens);
        ListTokens.Map(tokens);
        RevokeToken.Map(tokens);
    }
}
