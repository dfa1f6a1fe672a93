using System.Globalization;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;
var gatewayPort = settings.GetValue("Gateway:Port", 8080);
var publicUrl = settings["Hub:PublicUrl"] ?? $"http://localhost:{gatewayPort}/"; // links in answers and webhooks
var dataDirectory = settings["LocalHosting:DataDirectory"] ?? Path.GetFullPath("../../.data", builder.AppHostDirectory);
var blobDirectory = settings["Catalog:Blobs:Directory"] ?? Path.GetFullPath("blobs", dataDirectory);
var influxUser = settings["Influx:Username"] ?? "packrelay";

// Secrets: taken from Parameters:<name>, else generated once.
var callerKey = builder.AddParameter("caller-key", secret: true);
var adminPassword = builder.AddParameter("admin-password", secret: true);
var webhookSecretsKey = builder.AddParameter("webhook-secrets-key", secret: true);
var influxPassword = builder.AddParameter("influx-password", secret: true);

var postgres = builder.AddPostgres("postgres").WithDataVolume().WithLifetime(ContainerLifetime.Persistent);
var identityDb = postgres.AddDatabase("identitydb");
var catalogDb = postgres.AddDatabase("catalogdb");
var telemetryDb = postgres.AddDatabase("telemetrydb");
var webhookDb = postgres.AddDatabase("webhookdb");
var cache = builder.AddRedis("cache");
var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin();
var influx = builder.AddContainer("influxdb", "library/influxdb", "1.8")
    .WithHttpEndpoint(targetPort: 8086, name: "http")
    .WithHttpHealthCheck("/ping", 204)
    .WithVolume("packrelay-influx", "/var/lib/influxdb")
    .WithEnvironment("INFLUXDB_HTTP_AUTH_ENABLED", "true")
    .WithEnvironment("INFLUXDB_DATA_INDEX_VERSION", "tsi1") // a series per game server: more than the default index and limits are made for
    .WithEnvironment("INFLUXDB_DATA_MAX_VALUES_PER_TAG", "0")
    .WithEnvironment("INFLUXDB_DATA_MAX_SERIES_PER_DATABASE", "0")
    .WithEnvironment("INFLUXDB_ADMIN_USER", influxUser)
    .WithEnvironment("INFLUXDB_ADMIN_PASSWORD", influxPassword);

var catalog = builder.AddProject<Projects.CatalogService>("catalog")
    .WithHttpHealthCheck("/health")
    .WithReference(catalogDb).WaitFor(catalogDb)
    .WithReference(cache).WaitFor(cache)
    .WithReference(messaging).WaitFor(messaging)
    .WithEnvironment("Callers__SigningKey", callerKey)
    .WithEnvironment("Hub__PublicUrl", publicUrl)
    .WithEnvironment("Catalog__Blobs__Directory", blobDirectory);

var identity = builder.AddProject<Projects.IdentityService>("identity")
    .WithHttpHealthCheck("/health")
    .WithReference(identityDb).WaitFor(identityDb)
    .WithReference(cache).WaitFor(cache)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(catalog)
    .WithEnvironment("Callers__SigningKey", callerKey)
    .WithEnvironment("Hub__PublicUrl", publicUrl)
    .WithEnvironment("Identity__Admin__Password", adminPassword);

catalog.WithReference(identity); // asks it about the clients of the Railcraft Pack dialect

var telemetry = builder.AddProject<Projects.TelemetryService>("telemetry")
    .WithReplicas(settings.GetValue("Telemetry:Replicas", 1))
    .WithHttpHealthCheck("/health")
    .WithReference(telemetryDb).WaitFor(telemetryDb)
    .WithReference(cache).WaitFor(cache)
    .WithReference(messaging).WaitFor(messaging)
    .WithReference(influx.GetEndpoint("http")).WaitFor(influx)
    .WithReference(catalog)
    .WithEnvironment("Callers__SigningKey", callerKey)
    .WithEnvironment("Hub__PublicUrl", publicUrl)
    .WithEnvironment("Influx__Username", influxUser)
    .WithEnvironment("Influx__Password", influxPassword);

var webhook = builder.AddProject<Projects.WebhookService>("webhook")
    .WithReplicas(settings.GetValue("Webhook:Replicas", 1))
    .WithHttpHealthCheck("/health")
    .WithReference(webhookDb).WaitFor(webhookDb)
    .WithReference(messaging).WaitFor(messaging)
    .WithEnvironment("Callers__SigningKey", callerKey)
    .WithEnvironment("Hub__PublicUrl", publicUrl)
    .WithEnvironment("Webhooks__SecretsKey", webhookSecretsKey)
    .WithEnvironment("Webhooks__AllowedNetworks", settings["Webhooks:AllowedNetworks"] ?? "127.0.0.0/8,::1/128"); // local receivers

for (var i = 0; i < settings.GetValue("Gateway:Replicas", 1); i++) // each on a port of its own: what balances the load between them stands before the hub
{
    builder.AddProject<Projects.Gateway>(i == 0 ? "gateway" : $"gateway-{i + 1}")
        .WithExternalHttpEndpoints()
        .WithHttpEndpoint(port: gatewayPort + i, name: "http")
        .WithHttpHealthCheck("/health")
        .WithReference(cache).WaitFor(cache)
        .WithReference(messaging).WaitFor(messaging)
        .WithReference(identity).WaitFor(identity)
        .WithReference(catalog).WaitFor(catalog)
        .WithReference(telemetry).WaitFor(telemetry)
        .WithReference(webhook).WaitFor(webhook)
        .WithEnvironment("Callers__SigningKey", callerKey)
        .WithEnvironment("Hub__PublicUrl", publicUrl)
        // The runtime takes these from variables alone. Requests are answered on the threads that wait for the sockets, one for each core: nothing in the gateway blocks.
        .WithEnvironment("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1")
        .WithEnvironment("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
}

builder.Build().Run();
