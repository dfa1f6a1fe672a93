using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Running;

namespace PackRelay.LocalHosting.StatusPage;

/// <summary>The status of everything as server-sent events: at once, at each change, and every two seconds for the memory.</summary>
internal static class StatusStream
{
    // Changes come in bursts while everything starts; a person sees no difference below this.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static Task WriteAsync(HttpContext context, ResourceBoard board, TimeProvider clock, CancellationToken closing) => EventStream.RunAsync(context, async (send, stop) =>
    {
        while (true)
        {
            var next = board.NextChange;
            var all = board.All;
            var memory = ProcessTable.MemoryOf(all.Select(status => status.ProcessId).OfType<int>());
            await send(all.Select(status => new
            {
                status.Name, status.Kind, status.State, status.Healthy, status.Problem, status.IsEntrance, status.Endpoints, status.ProcessId,
                MemoryBytes = status.ProcessId is { } id ? memory.GetValueOrDefault(id) : (long?)null,
                status.StartedAt, status.Restarts,
            }));
            await Task.Delay(Shortest, clock, stop);
            await Task.WhenAny(next, Task.Delay(Longest - Shortest, clock, stop));
            stop.ThrowIfCancellationRequested();
        }
    }, closing);
}

/// <summary>One resource's console as server-sent events: the lines in memory, then each new one.</summary>
internal static class LogStream
{
    public static async Task WriteAsync(HttpContext context, IReadOnlyDictionary<string, ConsoleLog> logs, CancellationToken closing)
    {
        if (!logs.TryGetValue((string)context.Request.RouteValues["name"]!, out var log))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await EventStream.RunAsync(context, async (send, stop) =>
        {
            await foreach (var line in log.WatchAsync(stop))
                await send(line);
        }, closing);
    }
}

internal static class EventStream
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Writes events until the browser leaves or the AppHost stops.</summary>
    public static async Task RunAsync(HttpContext context, Func<Func<object, Task>, CancellationToken, Task> write, CancellationToken closing)
    {
        context.Response.ContentType = "text/event-stream";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing);
        try
        {
            await context.Response.StartAsync(stop.Token);
            await write(SendAsync, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The browser left, or everything ends.
        }

        async Task SendAsync(object value)
        {
            await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(value, Json)}\n\n", stop.Token);
            await context.Response.Body.FlushAsync(stop.Token);
        }
    }
}
