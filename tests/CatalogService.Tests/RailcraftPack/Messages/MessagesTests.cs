using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.RailcraftPack.Messages;

public sealed class MessagesTests(RailcraftApi api) : IClassFixture<RailcraftApi>, IAsyncLifetime
{
    private const string Path = "/api/v1/admin/messages";

    private HttpClient Admin => field ??= api.NewPublisher().ClientWith(caller => caller with { Role = Role.Admin, Credential = CredentialKind.Session });

    public async Task InitializeAsync() => await api.ExecuteAsync("DELETE FROM railcraft_messages");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Message_WithoutAny_IsEmptyAndWhite()
    {
        foreach (var path in new[] { "/api/get_message/", "/api/message/?ignore_time_limit=true", "/api/v1/get_server_message/" })
        {
            using var answer = await api.Plain.GetAsync(path);
            Assert.Equal("""{"result":0,"msg":"","color":"white","text":""}""", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Message_WithAnInterval_IsNotShownAgainBeforeItHasPassed()
    {
        await AddAsync(new { color = "gold", text = "Vote for us", intervalSeconds = 60 });
        Assert.Equal(("gold", "Vote for us"), await ShowAsync());
        Assert.Equal(("white", ""), await ShowAsync());
        api.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal("", (await ShowAsync()).Text);
        foreach (var ignored in new[] { "false", "TRUE", "1", "" }) Assert.Equal("", (await ShowAsync($"?ignore_time_limit={ignored}")).Text);
        Assert.Equal("Vote for us", (await ShowAsync("?ignore_time_limit=true")).Text);
        api.Time.Advance(TimeSpan.FromSeconds(11)); // what was shown by ignoring the limit has not begun it anew
        Assert.Equal("Vote for us", (await ShowAsync()).Text);
        Assert.Equal("", (await ShowAsync()).Text);
    }

    [Fact]
    public async Task Message_AskedForByManyAtOnceOfTwoReplicas_IsShownOnce()
    {
        var second = new SecondReplica(api, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(api.Time)));
        await second.InitializeAsync();
        try
        {
            await AddAsync(new { color = "aqua", text = "Once", intervalSeconds = 3_600 });
            using var other = new HttpClient { BaseAddress = second.CreateClient().BaseAddress };
            var shown = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => ShowAsync("", number % 2 == 0 ? api.Plain : other)));
            Assert.Single(shown, message => message.Text == "Once");
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task Message_WithoutAnInterval_IsShownToAllWhoAskAtTheSameMoment()
    {
        await AddAsync(new { color = "aqua", text = "Always" });
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // another request at work
        await using var held = new NpgsqlCommand("SELECT FROM railcraft_messages FOR UPDATE", connection);
        await held.ExecuteNonQueryAsync();

        Assert.Equal("Always", (await ShowAsync()).Text);
    }

    [Fact]
    public async Task Message_WithAnIntervalThatAnotherRequestIsShowing_IsPassedOver()
    {
        await AddAsync(new { color = "aqua", text = "Always" });
        await AddAsync(new { color = "gold", text = "Rare", intervalSeconds = 60 });
        await using (var connection = await api.Postgres.Source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var held = new NpgsqlCommand("SELECT FROM railcraft_messages WHERE interval_seconds IS NOT NULL FOR UPDATE", connection);
            await held.ExecuteNonQueryAsync();
            for (var i = 0; i < 20; i++) Assert.Equal("Always", (await ShowAsync()).Text);
        }

        await api.WaitUntilAsync(async () => (await ShowAsync()).Text == "Rare", TimeSpan.FromSeconds(30), "it is shown by the next");
    }

    [Fact]
    public async Task Message_OfSeveral_IsAnyOfThem_AndThoseWithoutAnIntervalAlways()
    {
        foreach (var text in new[] { "one", "two", "three" }) await AddAsync(new { color = "red", text });
        await AddAsync(new { color = "blue", text = "rare", intervalSeconds = 1_000 });
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await api.WaitUntilAsync(
            async () =>
            {
                seen.Add((await ShowAsync()).Text);
                return seen.Count == 4;
            },
            TimeSpan.FromSeconds(30), "all were shown");
        for (var i = 0; i < 20; i++) Assert.Contains((await ShowAsync()).Text, new[] { "one", "two", "three" });
    }

    [Fact]
    public async Task Messages_OfAnAdministrator_AreListedDeletedAndOnRecord()
    {
        await using var recorded = await api.ObserveAsync<AuditRecorded>();
        var created = await AddAsync(new { color = "dark_aqua", text = "Hello “é🦊”", intervalSeconds = 5 });
        Assert.Equal(["id", "color", "text", "intervalSeconds", "shownAt", "createdAt"], created.EnumerateObject().Select(member => member.Name));
        var id = created.GetProperty("id").GetInt64();
        await ShowAsync();
        var listed = (await Admin.GetAsync(Path).JsonAsync()).GetProperty("messages").EnumerateArray().Single();
        Assert.Equal((id, "Hello “é🦊”", 5), (listed.GetProperty("id").GetInt64(), listed.GetProperty("text").GetString(), listed.GetProperty("intervalSeconds").GetInt32()));
        Assert.Equal(JsonValueKind.String, listed.GetProperty("shownAt").ValueKind);
        await Admin.DeleteAsync($"{Path}/{id}").SucceedsAsync();
        foreach (var gone in new[] { $"{id}", "first", "-1", "99999999999999999999" }) await Admin.DeleteAsync($"{Path}/{gone}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await Admin.GetAsync(Path).JsonAsync()).GetProperty("messages").EnumerateArray());
        foreach (var action in new[] { AuditActions.MessageCreated, AuditActions.MessageDeleted }) await recorded.FirstAsync(entry => entry.Action == action && entry.Target == $"message:{id}");
    }

    [Theory]
    [InlineData("""{"color":"pink","text":"a"}""", "invalid_color")]
    [InlineData("""{"color":"Gold","text":"a"}""", "invalid_color")]
    [InlineData("""{"color":"gold","text":""}""", "invalid_text")]
    [InlineData("""{"color":"gold","text":"a\nb"}""", "invalid_text")]
    [InlineData("""{"color":"gold","text":"a","intervalSeconds":0}""", "invalid_interval_seconds")]
    [InlineData("""{"color":"gold","text":"a","intervalSeconds":31536001}""", "invalid_interval_seconds")]
    [InlineData("""{"color":"gold"}""", "invalid_json")]
    public async Task Message_ThatIsNone_IsRefused(string body, string code) => await Admin.PostTextAsync(Path, body).FailsAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Message_OneTooMany_IsRefused()
    {
        await api.ExecuteAsync("INSERT INTO railcraft_messages (color, text, created_at) SELECT 'white', n::text, now() FROM generate_series(1, 199) n");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Admin.PostAsJsonAsync(Path, new { color = "white", text = "last" })));
        Assert.Equal((1, 3), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict)));
        await Admin.PostAsync(Path, new { color = "white", text = "more" }).FailsAsync(HttpStatusCode.Conflict, "too_many_messages");
    }

    [Fact]
    public async Task Messages_ByAnybodyElse_AreRefused()
    {
        var publisher = api.NewPublisher();
        foreach (var (client, status) in new[]
        {
            (api.Anonymous, HttpStatusCode.Unauthorized), (publisher.Client, HttpStatusCode.Forbidden), (publisher.ClientWith(caller => caller with { Role = Role.Admin }), HttpStatusCode.Forbidden),
            (publisher.ClientWith(caller => caller with { Credential = CredentialKind.Session }), HttpStatusCode.Forbidden),
        })
        {
            await client.GetAsync(Path).SucceedsAsync(status);
            await client.PostAsync(Path, new { color = "white", text = "a" }).SucceedsAsync(status);
            await client.DeleteAsync($"{Path}/1").SucceedsAsync(status);
        }
    }

    private Task<JsonElement> AddAsync(object message) => Admin.PostAsync(Path, message).JsonAsync(HttpStatusCode.Created);

    private async Task<(string Color, string Text)> ShowAsync(string query = "", HttpClient? client = null)
    {
        using var answer = await (client ?? api.Plain).GetAsync($"/api/get_message/{query}");
        var message = await answer.EnvelopeAsync(0);
        return (message.GetProperty("color").GetString()!, message.GetProperty("text").GetString()!);
    }
}
