using System.ComponentModel.DataAnnotations;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>Section <c>Plans</c>, as far as webhooks go.</summary>
public sealed class PlanOptions
{
    /// <summary>The plan of every new account; default 20 webhooks.</summary>
    public PlanLimits Free { get; set; } = new() { Webhooks = 20 };

    /// <summary>The larger plan; default 200 webhooks.</summary>
    public PlanLimits Pro { get; set; } = new() { Webhooks = 200 };

    /// <summary>Webhooks that an account of this plan may have.</summary>
    public int WebhooksOf(string plan) => plan == "pro" ? Pro.Webhooks : Free.Webhooks;

    /// <summary>Limits of one plan.</summary>
    public sealed class PlanLimits
    {
        /// <summary>Webhooks per account; 0 to 100,000.</summary>
        [Range(0, 100_000)]
        public int Webhooks { get; set; }
    }
}
