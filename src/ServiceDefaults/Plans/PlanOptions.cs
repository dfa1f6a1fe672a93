using System.ComponentModel.DataAnnotations;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Plans;

/// <summary>Section <c>Plans</c>: what an account may have, by its plan.</summary>
public sealed class PlanOptions
{
    /// <summary>Limits of the plan <c>free</c>.</summary>
    [Required]
    public PlanLimits Free { get; set; } = new() { Packs = 10, Servers = 50 };

    /// <summary>Limits of the plan <c>pro</c>.</summary>
    [Required]
    public PlanLimits Pro { get; set; } = new() { Packs = 1_000, Servers = 100_000 };

    internal PlanLimits Of(Caller caller) => caller.Plan == "pro" ? Pro : Free;
}

/// <summary>The limits of one plan.</summary>
public sealed class PlanLimits
{
    /// <summary>Packs that an account may own; default 10 (free), 1,000 (pro).</summary>
    [Range(0, int.MaxValue)]
    public int Packs { get; set; }

    /// <summary>Servers that an account may own; default 50 (free), 100,000 (pro).</summary>
    [Range(0, int.MaxValue)]
    public int Servers { get; set; }
}

internal static class PlanErrors
{
    /// <summary>403: the account has as many of these as its plan allows.</summary>
    public const string QuotaExceeded = "quota_exceeded";

    public static ApiError Exceeded(Caller caller, string things, int limit) =>
        new(StatusCodes.Status403Forbidden, QuotaExceeded, $"the plan {caller.Plan} allows {limit} {things}, and the account has as many");
}
