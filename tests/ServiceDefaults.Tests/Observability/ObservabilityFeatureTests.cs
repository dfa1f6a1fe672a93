using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Observability;

/// <summary>Runs alone: whoever listens to the framework's sources hears the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}

[Collection(WholeProcess.Name)]
public sealed class ObservabilityFeatureTests
{
    [Fact]
    public async Task Request_WithACollector_IsASpanNamedAfterItsRouteWithTags()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector);
        using var client = app.ClientOf();

        using (await client.GetAsync("/things/7?secret=1")) { }

        var span = await collector.SpanOfAsync("/things/7");
        Assert.Equal("GET /things/{id}", span.Name);
        Assert.True(span.IsServer);
        Assert.False(span.IsError);
        Assert.Equal("GET", span.Tags["http.request.method"]);
        Assert.Equal("/things/{id}", span.Tags["http.route"]);
        Assert.Equal("200", span.Tags["http.response.status_code"]);
        Assert.All(collector.ServicesOf("/v1/traces"), service => Assert.Equal("test-service", service));
    }

    [Fact]
    public async Task Request_ThatEndsInAnException_IsAnErrorSpanNamedAfterItsRoute()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector);
        using var client = app.ClientOf();

        using (var answer = await client.GetAsync("/broken/7")) Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);

        var span = await collector.SpanOfAsync("/broken/7");
        Assert.Equal("GET /broken/{id}", span.Name);
        Assert.True(span.IsError);
        Assert.Equal("500", span.Tags["http.response.status_code"]);
    }

    [Fact]
    public async Task Request_WithoutARoute_IsASpanNamedAfterItsMethod()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector);
        using var client = app.ClientOf();

        using (await client.GetAsync("/nowhere")) { }

        Assert.Equal("GET", (await collector.SpanOfAsync("/nowhere")).Name);
    }

    [Fact]
    public async Task Probe_WithACollector_MakesNoSpan()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector);
        using var client = app.ClientOf();

        using (await client.GetAsync("/health")) { }
        using (await client.GetAsync("/alive")) { }
        using (await client.GetAsync("/things/later")) { }

        await collector.SpanOfAsync("/things/later"); // spans leave in the order of their ends
        Assert.DoesNotContain(collector.Spans, span => span.Tags.GetValueOrDefault("url.path") is "/health" or "/alive");
    }

    [Fact]
    public async Task Service_WithACollector_SendsMetricsAndLogLines()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector);
        using var client = app.ClientOf();

        using (await client.GetAsync("/things/8")) { }

        await Wait.UntilAsync(() => collector.Metrics.Contains("http.server.request.duration"), "the framework's metric is collected");
        await Wait.UntilAsync(() => collector.LogLines.Contains("Thing 8 was asked for"), "the log line is collected");
        Assert.Contains("test-service", collector.ServicesOf("/v1/metrics"));
        Assert.Contains("test-service", collector.ServicesOf("/v1/logs"));
    }

    [Fact]
    public async Task Requests_WithoutASampler_AreTracedNowAndThenAndWhereTheirCallerIs()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/things/{id}", (string id) => id), [.. collector.Settings.Where(setting => setting.Key != "OTEL_TRACES_SAMPLER")]);
        using var client = app.ClientOf();

        for (var i = 0; i < 400; i++)
            using (await client.GetAsync($"/things/{i}")) { }
        using var traced = new HttpRequestMessage(HttpMethod.Get, "/things/traced");
        traced.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using (await client.SendAsync(traced)) { }

        await collector.SpanOfAsync("/things/traced"); // spans leave in the order of their ends
        Assert.InRange(collector.Spans.Count(span => span.IsServer), 2, 100); // one in twenty: beyond these once in many millions of runs
    }

    [Fact]
    public async Task Service_WithoutTheSetting_CollectsNothing()
    {
        var recorded = true;
        await using var app = await TestApp.StartAsync(app => app.MapGet("/things", () => recorded = Activity.Current?.IsAllDataRequested ?? false));
        using var client = app.ClientOf();

        using (await client.GetAsync("/things")) { }

        Assert.False(recorded);
        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
        Assert.Empty(app.Services.GetServices<ILoggerProvider>());
    }

    private static Task<TestApp> StartAsync(Collector collector) => TestApp.StartAsync(
        app =>
        {
            app.MapGet("/things/{id}", (string id, ILogger<TestApp> logger) => logger.LogWarning("Thing {Id} was asked for", id));
            app.MapGet("/broken/{id}", IResult (string id) => throw new InvalidOperationException($"{id} is broken"));
        },
        collector.Settings);
}
