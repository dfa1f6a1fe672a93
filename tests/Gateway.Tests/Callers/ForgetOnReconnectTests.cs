using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using PackRelay.Testing;
using PackRelay.Testing.Servers;

namespace PackRelay.Gateway.Tests.Callers;

public sealed class ForgetOnReconnectTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    [Fact]
    public async Task Find_AfterTheBrokerWasAway_AsksAgain()
    {
        var (token, _) = api.Identity.NewToken();
        await AskAsync(token);
        await AskAsync(token);
        Assert.Equal(1, api.Identity.QuestionsAbout(token));

        await CloseConnectionsAsync();

        await Wait.UntilAsync(
            async () =>
            {
                await AskAsync(token);
                return api.Identity.QuestionsAbout(token) > 1;
            },
            "what was known is forgotten",
            TimeSpan.FromSeconds(40));
    }

    private async Task AskAsync(string token)
    {
        using var answer = await api.GetAsync("/api/v1/packs", token);
    }

    /// <summary>Ends the gateway's connections to the broker, which lists them some seconds after they were made.</summary>
    private async Task CloseConnectionsAsync()
    {
        var server = await BackingServers.Shared.RabbitMqAsync();
        using var management = new HttpClient { BaseAddress = server.Management };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(server.Amqp.UserInfo))));
        var list = new Uri($"/api/vhosts{api.Broker.Address.AbsolutePath}/connections", UriKind.Relative);
        var connections = await Wait.ForAsync(async () => await management.GetFromJsonAsync<Connection[]>(list) is { Length: > 0 } found ? found : null, "the connections are listed");
        foreach (var connection in connections)
            (await management.DeleteAsync(new Uri($"/api/connections/{Uri.EscapeDataString(connection.Name)}", UriKind.Relative))).Dispose();
    }

    private sealed record Connection(string Name);
}
