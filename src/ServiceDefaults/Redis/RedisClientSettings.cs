namespace PackRelay.ServiceDefaults.Redis;

/// <summary>Settings of a registration, from <c>Aspire:StackExchange:Redis</c> and <c>Aspire:StackExchange:Redis:{connectionName}</c>.</summary>
public sealed class RedisClientSettings
{
    /// <summary>Connection string; <c>ConnectionStrings:{connectionName}</c> wins over it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leave the health check out; default false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Make no spans; default false.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Connect at first use instead of at the application's start; default true.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
