using System.Net;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Administration;

public sealed class ListAccountsTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/admin/accounts";

    [Fact]
    public async Task List_ByPartsOfNamesAndAddress_FindsTheAccount()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var person = await api.NewPersonAsync();
        var display = $"Sommer_{Guid.NewGuid():N} 100%";
        await api.ExecuteAsync("UPDATE accounts SET display_name = $2 WHERE id = $1", person.Id, display);

        foreach (var q in new[] { person.Username[2..], person.Username.ToUpperInvariant(), person.Email[..^4], display[..12].ToUpperInvariant(), display[^9..] })
            Assert.Contains(person.Id, await IdsAsync(admin, $"{Path}?q={Uri.EscapeDataString(q)}"));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("___________")]
    [InlineData("\\")]
    public async Task List_ByACharacterOfPatterns_TakesItAsItIs(string q)
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        Assert.DoesNotContain(admin.Id, await IdsAsync(admin, $"{Path}?limit=100&q={Uri.EscapeDataString(q)}"));
    }

    [Fact]
    public async Task List_PageByPageWhileAccountsCome_ShowsEachOldOneOnce()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var before = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            before.Add((await api.NewPersonAsync()).Id);
            api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            using var answer = await admin.Client.GetAsync($"{Path}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await answer.ReadJsonAsync();
            Assert.Equal(["accounts", "hasMore", "nextCursor"], page.Members());
            seen.AddRange(page.GetProperty("accounts").EnumerateArray().Select(account => account.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
            await api.NewPersonAsync();
        }
        while (cursor is not null);

        Assert.Equal(before.AsEnumerable().Reverse(), seen.Where(before.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("limit=x", "invalid_limit")]
    [InlineData("cursor=abc", "invalid_cursor")]
    [InlineData("offset=1", "invalid_offset")]
    [InlineData("q=a%00b", "invalid_q")]
    public async Task List_WithABadParameter_IsRefused(string query, string code)
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        using var answer = await admin.Client.GetAsync($"{Path}?{query}");
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
        using var tooLong = await admin.Client.GetAsync($"{Path}?q={new string('a', 201)}");
        await tooLong.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_q");
    }

    [Fact]
    public async Task List_WithACursorOfAnotherSearch_IsRefused()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        await api.NewPersonAsync();
        using var first = await admin.Client.GetAsync($"{Path}?limit=1");
        var cursor = (await first.ReadJsonAsync()).GetProperty("nextCursor").GetString();

        using var answer = await admin.Client.GetAsync($"{Path}?limit=1&q=u&cursor={cursor}");

        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_cursor");
    }

    private static async Task<List<Guid>> IdsAsync(Person admin, string path)
    {
        using var answer = await admin.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.ReadJsonAsync()).GetProperty("accounts").EnumerateArray().Select(account => account.GetProperty("id").GetGuid())];
    }
}
