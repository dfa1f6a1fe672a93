using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PackRelay.ServiceDefaults.RateLimiting;

/// <summary>Section <c>RateLimits</c>: limits are read at start and counted together by all gateways and services through Redis.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Requests without credentials, per client address; default 600 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute Anonymous { get; set; } = new() { PermitPerMinute = 600 };

    /// <summary>Requests with credentials, per account, whatever number of tokens it has; default 3000 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute Token { get; set; } = new() { PermitPerMinute = 3_000 };

    /// <summary>Sign-in attempts per login name tried, from wherever; default 10 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute SignInPerLogin { get; set; } = new() { PermitPerMinute = 10 };

    /// <summary>Sign-in attempts per client address; default 60 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute SignInPerAddress { get; set; } = new() { PermitPerMinute = 60 };

    /// <summary>Sign-ups that are well-formed, per client address; default 20 an hour.</summary>
    [ValidateObjectMembers]
    public PerHour AccountCreation { get; set; } = new() { PermitPerHour = 20 };

    /// <summary>Checks of a Solder key, per client address; default 10 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute Verify { get; set; } = new() { PermitPerMinute = 10 };

    /// <summary>Compatibility reports, per client address; default 60 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute Reports { get; set; } = new() { PermitPerMinute = 60 };

    /// <summary>Mod lists left for a person to make a pack of, per client address; default 10 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute DraftSeeds { get; set; } = new() { PermitPerMinute = 10 };

    /// <summary>Railcraft client secrets tried, per client id and address, that were not right within the last minutes; default 10 a minute.</summary>
    [ValidateObjectMembers]
    public PerMinute ClientSecret { get; set; } = new() { PermitPerMinute = 10 };

    /// <summary>
    /// Longest wait for the shared counter; 10 ms to 2 s, default 100 ms. After it each process counts for itself, and asks again a second later.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A limit that is counted over a minute.</summary>
    public sealed class PerMinute
    {
        /// <summary>Requests per minute; 1 to 100 000 000.</summary>
        [Range(1, 100_000_000)]
        public int PermitPerMinute { get; set; }

        internal RateLimitPolicy ToPolicy(string name) => new(name, PermitPerMinute, TimeSpan.FromMinutes(1));
    }

    /// <summary>A limit that is counted over an hour.</summary>
    public sealed class PerHour
    {
        /// <summary>Requests per hour; 1 to 100 000 000.</summary>
        [Range(1, 100_000_000)]
        public int PermitPerHour { get; set; }

        internal RateLimitPolicy ToPolicy(string name) => new(name, PermitPerHour, TimeSpan.FromHours(1));
    }
}
