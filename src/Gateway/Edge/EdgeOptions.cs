using System.ComponentModel.DataAnnotations;
using System.Net;

namespace PackRelay.Gateway.Edge;

/// <summary>Section <c>Gateway</c>: what the gateway accepts from outside.</summary>
public sealed class EdgeOptions : IValidatableObject
{
    /// <summary>Address to listen on, several separated by semicolons; without it <c>ASPNETCORE_URLS</c>, without that http://localhost:8080.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// Addresses or networks (CIDR) of proxies in front of the gateway, separated by commas; default none. Only their X-Forwarded-For, -Proto and
    /// -Host are believed.
    /// </summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>Origins whose pages may read the Solder dialect, separated by commas; <c>*</c>, the default, for any.</summary>
    [Required]
    public string SolderOrigins { get; set; } = "*";

    /// <summary>Connections open at the same time; 1 to 1 000 000, default 20 000. Further ones are closed at once.</summary>
    [Range(1, 1_000_000)]
    public long MaxConnections { get; set; } = 20_000;

    /// <summary>Time in which a request's headers must have arrived; 1 s to 2 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which an idle connection is closed; 1 s to 1 h, default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Slowest body, sent or received, that is put up with after <see cref="DataRateGrace"/>, in bytes per second; 1 to 1 000 000, default 240.</summary>
    [Range(1, 1_000_000)]
    public int MinimumBytesPerSecond { get; set; } = 240;

    /// <summary>Time in which a body may be slower than that; 1.1 s to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01.1", "00:01:00")]
    public TimeSpan DataRateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The networks of <see cref="TrustedProxies"/>; a single address is a network of one.</summary>
    internal IReadOnlyList<IPNetwork> TrustedNetworks => [.. Entries.Select(entry => TryParse(entry, out var network) ? network : throw new FormatException(entry))];

    private string[] Entries => TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from entry in Entries
        where !TryParse(entry, out _)
        select new ValidationResult($"Gateway:TrustedProxies: '{entry}' is neither an address nor a network such as 10.0.0.0/8.", [nameof(TrustedProxies)]);

    private static bool TryParse(string entry, out IPNetwork network)
    {
        if (IPNetwork.TryParse(entry, out network)) return true;
        if (!IPAddress.TryParse(entry, out var address)) return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}
