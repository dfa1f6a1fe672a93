using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using PackRelay.LocalHosting.SampleHost;

// Two programs in one: an AppHost with one server and two projects, and the program of these projects.
if (Environment.GetEnvironmentVariable("SAMPLE_ROLE") is "service")
{
    var service = WebApplication.CreateBuilder(args);
    await using var app = service.Build();
    app.MapGet("/health", () => "well");
    app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
    app.Logger.LogInformation("The sample says hello");
    app.Logger.LogInformation("A needle in the log");
    await app.RunAsync();
    if (Environment.GetEnvironmentVariable("SAMPLE_STOP_SECONDS") is { } seconds)
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))); // a service that takes its time
    return;
}

var builder = DistributedApplication.CreateBuilder(args);
builder.AddParameter("admin-password", secret: true);
var cache = builder.AddRedis("cache");
var back = builder.AddProject<SampleProject>("back").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2)
    .WithEnvironment("SAMPLE_ROLE", "service").WithReference(cache).WaitFor(cache);
builder.AddProject<SampleProject>("front").WithHttpEndpoint().WithHttpHealthCheck("/health").WithExternalHttpEndpoints()
    .WithEnvironment("SAMPLE_ROLE", "service").WithReference(back).WaitFor(back);
await builder.Build().RunAsync();
