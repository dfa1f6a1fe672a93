using System.ComponentModel.DataAnnotations;

namespace PackRelay.CatalogService.Servers;

/// <summary>Section <c>Catalog:Servers</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>
    /// A server that was not heard of for this long is not shown as online, even when nobody said so: a telemetry service that died must not leave
    /// everything online. 1 min to 1 day, default 5 min; not below the telemetry service's own threshold.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(5);
}
