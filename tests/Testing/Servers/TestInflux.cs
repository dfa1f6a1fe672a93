using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.Testing.Servers;

/// <summary>A fresh InfluxDB database, dropped when disposed.</summary>
public sealed class TestInflux : IAsyncDisposable
{
    private readonly HttpClient http;

    private TestInflux(Uri server)
    {
        var login = Uri.UnescapeDataString(server.UserInfo).Split(':', 2);
        (UserName, Password) = (login[0], login[1]);
        Url = new Uri(server.GetLeftPart(UriPartial.Scheme) + server.Authority);
        Database = $"test_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        http = new HttpClient { BaseAddress = Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}")));
    }

    /// <summary>Address of the server, without login.</summary>
    public Uri Url { get; }

    /// <summary>Name of the database.</summary>
    public string Database { get; }

    /// <summary>User name of an administrator.</summary>
    public string UserName { get; }

    /// <summary>Password of that administrator.</summary>
    public string Password { get; }

    /// <summary>Creates a database.</summary>
    public static async Task<TestInflux> CreateAsync()
    {
        var influx = new TestInflux(await BackingServers.Shared.InfluxAsync());
        await influx.QueryAsync($"CREATE DATABASE \"{influx.Database}\"");
        return influx;
    }

    /// <summary>Runs an InfluxQL statement in the database and gives the server's JSON; times are milliseconds.</summary>
    public async Task<string> QueryAsync(string statement)
    {
        using var form = new FormUrlEncodedContent([new("q", statement), new("db", Database), new("epoch", "ms")]);
        using var response = await http.PostAsync(new Uri("/query", UriKind.Relative), form);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode && !body.Contains("\"error\"", StringComparison.Ordinal)
            ? body
            : throw new InvalidOperationException($"InfluxDB refused '{statement}': {(int)response.StatusCode} {body}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await QueryAsync($"DROP DATABASE \"{Database}\"");
        http.Dispose();
    }
}
