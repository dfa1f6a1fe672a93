using Microsoft.Extensions.Options;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>The configured limits, ready to be counted against.</summary>
public sealed class RateLimitPolicies(IOptions<RateLimitOptions> options)
{
    /// <summary>Requests without credentials; subject: client address.</summary>
    public RateLimitPolicy Anonymous { get; } = options.Value.Anonymous.ToPolicy("anonymous");

    /// <summary>Requests with credentials; subject: account id.</summary>
    public RateLimitPolicy Token { get; } = options.Value.Token.ToPolicy("token");

    /// <summary>Sign-in attempts; subject: the login, see <see cref="RateLimitSubject.OfText"/>.</summary>
    public RateLimitPolicy SignInPerLogin { get; } = options.Value.SignInPerLogin.ToPolicy("sign-in-login");

    /// <summary>Sign-in attempts; subject: client address.</summary>
    public RateLimitPolicy SignInPerAddress { get; } = options.Value.SignInPerAddress.ToPolicy("sign-in-address");

    /// <summary>Sign-ups that are well-formed; subject: client address.</summary>
    public RateLimitPolicy AccountCreation { get; } = options.Value.AccountCreation.ToPolicy("account-creation");

    /// <summary>Checks of a Solder key; subject: client address.</summary>
    public RateLimitPolicy Verify { get; } = options.Value.Verify.ToPolicy("verify");

    /// <summary>Compatibility reports; subject: client address.</summary>
    public RateLimitPolicy Reports { get; } = options.Value.Reports.ToPolicy("reports");

    /// <summary>Mod lists left for a person to make a pack of; subject: client address.</summary>
    public RateLimitPolicy DraftSeeds { get; } = options.Value.DraftSeeds.ToPolicy("draft-seeds");

    /// <summary>Secrets of Railcraft clients that are tried; subject: client id and address.</summary>
    public RateLimitPolicy ClientSecret { get; } = options.Value.ClientSecret.ToPolicy("client-secret");
}
