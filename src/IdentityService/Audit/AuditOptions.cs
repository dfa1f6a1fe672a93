using System.ComponentModel.DataAnnotations;

namespace PackRelay.IdentityService.Audit;

/// <summary>Section <c>Identity:Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>How long entries of the audit log are kept; 1 day to 10 years, default 365 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(365);
}
