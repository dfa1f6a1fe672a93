using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace Microsoft.Extensions.Hosting;

/// <summary>What may be set about a service's database, in section <c>Aspire:Npgsql</c> or <c>Aspire:Npgsql:&lt;connection name&gt;</c>.</summary>
public sealed class NpgsqlSettings
{
    /// <summary>Npgsql's connection string; <c>ConnectionStrings:&lt;connection name&gt;</c> wins over it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }
}

/// <summary>Registers a Postgres database under the configuration keys and names that Aspire's component uses.</summary>
public static class PostgresFeature
{
    /// <summary>Name of the health check.</summary>
    public const string HealthCheckName = "PostgreSql";

    /// <summary>Registers <see cref="NpgsqlDataSource"/> and the health check <see cref="HealthCheckName"/> for a named connection.</summary>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        var settings = new NpgsqlSettings();
        var section = builder.Configuration.GetSection("Aspire:Npgsql");
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString) settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton(services =>
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString))
                throw new InvalidOperationException($"The database is not configured: set ConnectionStrings:{connectionName} or Aspire:Npgsql:{connectionName}:ConnectionString.");
            var source = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = connectionName };
            source.UseLoggerFactory(services.GetRequiredService<Microsoft.Extensions.Logging.ILoggerFactory>());
            // Every statement is a constant of ours, so preparing them all is bounded and saves planning on each request.
            source.ConnectionStringBuilder.MaxAutoPrepare = 200;
            source.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
            // Sessions carry nothing over: nobody sets variables, and who listens or locks undoes it. To discard it all at each use would be every second statement.
            source.ConnectionStringBuilder.NoResetOnClose = true;
            // To ask for Kerberos first loads its libraries and costs each new connection a round trip; who wants it says Require.
            if (source.ConnectionStringBuilder.GssEncryptionMode == GssEncryptionMode.Prefer) source.ConnectionStringBuilder.GssEncryptionMode = GssEncryptionMode.Disable;
            configureDataSourceBuilder?.Invoke(source);
            return source.Build();
        });
        if (!settings.DisableHealthChecks) builder.Services.AddHealthChecks().AddCheck<PostgresHealthCheck>(HealthCheckName, HealthStatus.Unhealthy);
    }
}
