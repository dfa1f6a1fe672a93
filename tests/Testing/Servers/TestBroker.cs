using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using RabbitMQ.Client;

namespace PackRelay.Testing.Servers;

/// <summary>A fresh virtual host of RabbitMQ, removed with its queues when disposed.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly HttpClient management;
    private readonly string name = $"test-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
    private readonly string user;

    private TestBroker(BrokerAddress server)
    {
        user = Uri.UnescapeDataString(server.Amqp.UserInfo).Split(':', 2)[0];
        Address = new Uri($"{server.Amqp.GetLeftPart(UriPartial.Authority)}/{name}");
        management = new HttpClient { BaseAddress = server.Management };
        management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(server.Amqp.UserInfo))));
    }

    /// <summary>AMQP address of the virtual host, which is its connection string.</summary>
    public Uri Address { get; }

    /// <summary>Creates a virtual host.</summary>
    public static async Task<TestBroker> CreateAsync()
    {
        var broker = new TestBroker(await BackingServers.Shared.RabbitMqAsync());
        await broker.PutAsync($"/api/vhosts/{broker.name}", new { });
        await broker.PutAsync($"/api/permissions/{broker.name}/{Uri.EscapeDataString(broker.user)}", new { configure = ".*", write = ".*", read = ".*" });
        return broker;
    }

    /// <summary>A connection for the test itself.</summary>
    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = Address, ClientProvidedName = "test" }.CreateConnectionAsync();

    /// <summary>Names of all queues.</summary>
    public async Task<IReadOnlyList<string>> QueuesAsync() =>
        [.. (await management.GetFromJsonAsync<QueueEntry[]>(new Uri($"/api/queues/{name}?columns=name", UriKind.Relative)))!.Select(queue => queue.Name)];

    /// <summary>Messages that wait in a queue. Asked of the queue itself: the management API's figures are seconds old.</summary>
    public async Task<uint> CountAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await channel.MessageCountAsync(queue);
    }

    /// <summary>How many consumers a queue has, those included that wait for their turn. The management API's figures are seconds old: wait for one.</summary>
    public async Task<int> ConsumersAsync(string queue) =>
        (await management.GetFromJsonAsync<ConsumerEntry[]>(new Uri($"/api/consumers/{name}", UriKind.Relative)))!.Count(consumer => consumer.Queue.Name == queue);

    /// <summary>Queues of messages that a consumer could not handle and that are not empty.</summary>
    public async Task<IReadOnlyList<string>> FailedAsync()
    {
        var failed = new List<string>();
        foreach (var queue in await QueuesAsync())
        {
            if (queue.EndsWith("_error", StringComparison.Ordinal) && await CountAsync(queue) > 0)
                failed.Add(queue);
        }

        return failed;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using (var response = await management.DeleteAsync(new Uri($"/api/vhosts/{name}", UriKind.Relative)))
            response.EnsureSuccessStatusCode();
        management.Dispose();
    }

    private async Task PutAsync(string path, object body)
    {
        using var response = await management.PutAsJsonAsync(new Uri(path, UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
    }

    private sealed record ConsumerEntry([property: JsonPropertyName("queue")] QueueEntry Queue);

    private sealed record QueueEntry([property: JsonPropertyName("name")] string Name);
}
