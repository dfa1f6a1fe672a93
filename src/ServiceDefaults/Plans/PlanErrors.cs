using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Plans;

/// <summary>Errors of plans.</summary>
public static class PlanErrors
{
    /// <summary>402: the account has as many of these as its plan allows.</summary>
    public const string QuotaExceeded = "quota_exceeded";

    /// <summary>The answer to somebody who has no room for one more.</summary>
    public static ApiError Exceeded(Caller caller, string things, int limit) =>
        new(StatusCodes.Status402PaymentRequired, QuotaExceeded, $"the plan {caller.Plan} allows {limit} {things}, and the account has as many");
}
