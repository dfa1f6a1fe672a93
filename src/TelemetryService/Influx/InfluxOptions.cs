using System.ComponentModel.DataAnnotations;

namespace PackRelay.TelemetryService.Influx;

/// <summary>Section <c>Influx</c>. The address comes from service discovery: <c>services__influxdb__http__0</c>.</summary>
public sealed class InfluxOptions
{
    /// <summary>The database, or with <see cref="Token"/> the bucket; letters, digits, <c>_</c> and <c>-</c>, default <c>packrelay</c>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_-]{1,64}$")]
    public string Database { get; set; } = "packrelay";

    /// <summary>User of InfluxDB 1.x; null when it asks for none.</summary>
    public string? Username { get; set; }

    /// <summary>Password of that user.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// API token of InfluxDB 2.x or 3. With it the bucket must exist with a retention of its own: databases, retention policies and
    /// continuous queries belong to 1.x, so every window is then read from the raw series.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>Organisation of InfluxDB 2.x, by name or id: with it points go to <c>/api/v2/write</c>, otherwise to <c>/write</c>, which 2.x and 3 understand too. Needs <see cref="Token"/>.</summary>
    [StringLength(200)]
    public string? Org { get; set; }

    /// <summary>Bucket of InfluxDB 2.x, where its name is none that <see cref="Database"/> may have; default: that one.</summary>
    [StringLength(200)]
    public string? Bucket { get; set; }

    /// <summary>Longest wait for a write before its points go to the spool; 100 ms to 10 s, default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where points are, by name.</summary>
    internal string Store => string.IsNullOrEmpty(Bucket) ? Database : Bucket;

    /// <summary>Whether the service keeps its own database, retention policies and rollups.</summary>
    internal bool OwnsSchema => string.IsNullOrEmpty(Token);
}
