using System.Globalization;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.CatalogService.Downloads;

internal static class DownloadErrors
{
    /// <summary>404: the zip of the version is not built yet; Retry-After says when to ask again.</summary>
    public const string BundleUnavailable = "bundle_unavailable";

    public static ApiError NotBuilt(string slug, string version) =>
        new(StatusCodes.Status404NotFound, BundleUnavailable, $"the bundle of '{slug}@{version}' is still being built; its manifest and files are there already")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static ApiError EgressUsedUp(long limitBytes) => new(
        StatusCodes.Status402PaymentRequired,
        PlanErrors.QuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"the publisher's plan allows {limitBytes} bytes of downloads a month, and they are used up; next month begins in UTC"));
}
