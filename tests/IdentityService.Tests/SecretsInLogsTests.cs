using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests;

/// <summary>The service with every log entry of every level kept.</summary>
public sealed class LoggedIdentityApi : IdentityApi, ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    public string Log => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => new Keeper(categoryName, lines);

    void IDisposable.Dispose() => GC.SuppressFinalize(this);

    protected override void Configure(IDictionary<string, string?> settings)
    {
        foreach (var category in new[] { "Default", "Microsoft.AspNetCore", "System.Net.Http.HttpClient", "Npgsql" }) settings[$"Logging:LogLevel:{category}"] = "Trace";
    }

    protected override void ReplaceServices(IServiceCollection services)
    {
        base.ReplaceServices(services);
        services.AddSingleton<ILoggerProvider>(this);
    }

    private sealed class Keeper(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}

public sealed class SecretsInLogsTests(LoggedIdentityApi api) : IClassFixture<LoggedIdentityApi>
{
    [Fact]
    public async Task Log_OfAWholeJourney_HoldsNoSecretAndNoAddress()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        var (id, token) = await IdentityApi.MintAsync(person);
        using (var client = await api.TokenClientAsync(token))
        using (await client.GetAsync("/api/v1/me"))
        {
        }

        using var anyone = api.CreateClient();
        using var taken = await anyone.PostAsJsonAsync("/api/v1/accounts", new { username = person.Username, email = person.Email, password = IdentityApi.Password });
        using var wrong = await anyone.PostAsJsonAsync("/api/v1/sessions", new { login = person.Email, password = "a secret in the wrong place" });
        using var broken = await BadBodies.SendAsync(anyone, HttpMethod.Post, "/api/v1/sessions", """{"login":"a","password":"a secret in broken JSON" """);
        using var revoked = await person.Client.DeleteAsync($"/api/v1/me/tokens/{id}");
        Assert.Null(await api.ResolveAsync(CredentialKind.Token, token));
        using var signedOut = await person.Client.DeleteAsync("/api/v1/sessions/current");

        var log = api.Log;
        Assert.Contains("/api/v1/me/tokens", log, StringComparison.Ordinal); // it is the right log
        foreach (var secret in new[] { IdentityApi.Password, "a secret in", person.Cookie, token, token[4..], person.Email })
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
    }
}
