using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Plans;

/// <summary>Errors of plans.</summary>
public static class PlanErrors
{
    /// <summary>402: the account has as much of this as its plan allows.</summary>
    public const string QuotaExceeded = "quota_exceeded";

    /// <summary>The answer to somebody who has no room for one more.</summary>
    public static ApiError Exceeded(Caller caller, string things, int limit) =>
        new(StatusCodes.Status402PaymentRequired, QuotaExceeded, $"the plan {caller.Plan} allows {limit} {things}, and the account has as many");

    /// <summary>The answer to somebody whose files would not fit.</summary>
    public static ApiError StorageExceeded(Caller caller, long usedBytes, long limitBytes) => new(
        StatusCodes.Status402PaymentRequired, QuotaExceeded,
        $"the plan {caller.Plan} allows {limitBytes} bytes of files, the account keeps {usedBytes}, and this file would not fit");
}
