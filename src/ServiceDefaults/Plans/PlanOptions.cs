using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.ServiceDefaults.Plans;

/// <summary>Section <c>Plans</c>: what an account may have, by its plan.</summary>
public sealed class PlanOptions
{
    /// <summary>Limits of the plan <c>free</c>, which every new account has.</summary>
    [Required, ValidateObjectMembers]
    public PlanLimits Free { get; set; } = new() { Packs = 10, Servers = 50, Webhooks = 20, StorageBytes = 5_000_000_000, EgressBytesPerMonth = 100_000_000_000 };

    /// <summary>Limits of the plan <c>pro</c>.</summary>
    [Required, ValidateObjectMembers]
    public PlanLimits Pro { get; set; } = new() { Packs = 1_000, Servers = 100_000, Webhooks = 200, StorageBytes = 1_000_000_000_000, EgressBytesPerMonth = 20_000_000_000_000 };

    /// <summary>The limits of a caller's plan.</summary>
    public PlanLimits Of(Caller caller) => Of(caller.Plan);

    /// <summary>The limits of a plan by its name; of <c>free</c> when there is no such plan.</summary>
    public PlanLimits Of(string plan) => plan == "pro" ? Pro : Free;
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

    /// <summary>Webhooks that an account may have, up to 100,000; default 20 (free), 200 (pro).</summary>
    [Range(0, 100_000)]
    public int Webhooks { get; set; }

    /// <summary>Bytes of files that an account may keep; default 5 GB (free), 1 TB (pro); a GB is 10^9.</summary>
    [Range(0, long.MaxValue)]
    public long StorageBytes { get; set; }

    /// <summary>Bytes that may be downloaded of what an account keeps, in a calendar month of UTC; default 100 GB (free), 20 TB (pro).</summary>
    [Range(0, long.MaxValue)]
    public long EgressBytesPerMonth { get; set; }
}
