using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class UpdateMeTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Uuid = "069a79f4-44e9-4726-a5be-fca90e38aaf5";

    private static readonly object Everything = new { displayName = "Ada", image = "https://example.org/a.png", minecraftName = "Notch", minecraftUuid = Uuid };

    [Fact]
    public async Task Update_OfEverything_AnswersTheNewProfile()
    {
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.PatchAsJsonAsync("/api/v1/me", Everything);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var asked = await person.Client.GetAsync("/api/v1/me");
        foreach (var profile in new[] { await answer.ReadJsonAsync(), await asked.ReadJsonAsync() })
            Assert.Equal(("Ada", "https://example.org/a.png", "Notch", Uuid), Fields(profile));
    }

    [Fact]
    public async Task Update_WithoutAMember_KeepsItsValue()
    {
        var person = await api.NewPersonAsync();
        using var before = await person.Client.PatchAsJsonAsync("/api/v1/me", Everything);

        using var answer = await person.Client.PatchAsJsonAsync("/api/v1/me", new { image = "https://example.org/b.png" });

        Assert.Equal(("Ada", "https://example.org/b.png", "Notch", Uuid), Fields(await answer.ReadJsonAsync()));
    }

    [Fact]
    public async Task Update_WithNull_ClearsTheValue()
    {
        var person = await api.NewPersonAsync();
        using var before = await person.Client.PatchAsJsonAsync("/api/v1/me", Everything);

        using var answer = await BadBodies.SendAsync(person.Client, HttpMethod.Patch, "/api/v1/me", """{"image":null,"minecraftName":null,"minecraftUuid":null}""");

        Assert.Equal(("Ada", null, null, null), Fields(await answer.ReadJsonAsync()));
    }

    [Fact]
    public async Task Update_OfTheUuidWithoutHyphens_IsTheSame()
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PatchAsJsonAsync("/api/v1/me", new { minecraftUuid = "069A79F444E94726A5BEFCA90E38AAF5" });
        Assert.Equal(Uuid, (await answer.ReadJsonAsync()).GetProperty("minecraftUuid").GetString());
    }

    [Theory]
    [InlineData("""{"displayName":null}""", "invalid_display_name")]
    [InlineData("""{"displayName":""}""", "invalid_display_name")]
    [InlineData("""{"displayName":"a\tb"}""", "invalid_display_name")]
    [InlineData("""{"image":""}""", "invalid_image")]
    [InlineData("""{"image":"http://example.org/a.png"}""", "invalid_image")]
    [InlineData("""{"image":"/a.png"}""", "invalid_image")]
    [InlineData("""{"image":"javascript:alert(1)"}""", "invalid_image")]
    [InlineData("""{"image":"https://user:secret@example.org/a.png"}""", "invalid_image")]
    [InlineData("""{"image":" https://example.org/a.png"}""", "invalid_image")]
    [InlineData("""{"minecraftName":"a"}""", "invalid_minecraft_name")]
    [InlineData("""{"minecraftName":"no spaces"}""", "invalid_minecraft_name")]
    [InlineData("""{"minecraftName":"a2345678901234567"}""", "invalid_minecraft_name")]
    [InlineData("""{"minecraftUuid":""}""", "invalid_minecraft_uuid")]
    [InlineData("""{"minecraftUuid":"{069a79f4-44e9-4726-a5be-fca90e38aaf5}"}""", "invalid_minecraft_uuid")]
    [InlineData("""{"minecraftUuid":"069a79f4"}""", "invalid_minecraft_uuid")]
    public async Task Update_WithABadValue_IsRefused(string json, string code)
    {
        var person = await api.NewPersonAsync();
        using var answer = await BadBodies.SendAsync(person.Client, HttpMethod.Patch, "/api/v1/me", json);
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(81, false)]
    public async Task Update_OfTheDisplayName_HasALimit(int length, bool fits)
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PatchAsJsonAsync("/api/v1/me", new { displayName = new string('é', length) });
        Assert.Equal(fits ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public async Task Update_OfTheImage_HasALimit(int length, bool fits)
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PatchAsJsonAsync("/api/v1/me", new { image = "https://example.org/".PadRight(length, 'a') });
        Assert.Equal(fits ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Update_OfWhatOthersDoNotSee_LeavesRoleAndNameAlone()
    {
        var person = await api.NewPersonAsync();

        using var answer = await BadBodies.SendAsync(
            person.Client, HttpMethod.Patch, "/api/v1/me", """{"role":"admin","plan":"pro","username":"root","email":"a@b.example","minecraftName":"Notch"}""");

        var profile = await answer.ReadJsonAsync();
        Assert.Equal(("player", "free", person.Username), (profile.GetProperty("role").GetString(), profile.GetProperty("plan").GetString(), profile.GetProperty("username").GetString()));
    }

    [Fact]
    public async Task Update_OfAName_IsPublished()
    {
        await using var changed = await api.ObserveAsync<AccountChanged>();
        var person = await api.NewPersonAsync();

        using var unseen = await person.Client.PatchAsJsonAsync("/api/v1/me", new { image = "https://example.org/a.png" });
        using var seen = await person.Client.PatchAsJsonAsync("/api/v1/me", new { displayName = "Grace" });

        using var minecraft = await person.Client.PatchAsJsonAsync("/api/v1/me", new { minecraftName = "Notch", minecraftUuid = "069a79f444e94726a5befca90e38aaf5" });

        var last = await changed.FirstAsync(account => account.AccountId == person.Id && account.MinecraftName == "Notch");
        Assert.Equal(("Grace", Guid.Parse("069a79f4-44e9-4726-a5be-fca90e38aaf5")), (last.DisplayName, last.MinecraftUuid));
        Assert.Equal([1L, 2L, 3L], changed.Received.Where(account => account.AccountId == person.Id).Select(account => account.Revision));
    }

    [Fact]
    public async Task Update_WithAToken_IsForbidden()
    {
        var person = await api.NewPersonAsync();
        using var client = await api.TokenClientAsync((await IdentityApi.MintAsync(person)).Token);
        using var answer = await client.PatchAsJsonAsync("/api/v1/me", Everything);
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Update_WithoutCredentials_Answers401BeforeTheBodyIsRead()
    {
        using var client = api.CreateClient();
        using var answer = await BadBodies.SendAsync(client, HttpMethod.Patch, "/api/v1/me", "{");
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Update_OfAnAccountThatIsGone_Answers401()
    {
        using var client = api.CreateClient(TestCallers.Session("gone"));
        using var answer = await client.PatchAsJsonAsync("/api/v1/me", Everything);
        await answer.AssertErrorAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Update_WithABadBody_IsRefused() =>
        await BadBodies.AssertRefusedAsync((await api.NewPersonAsync()).Client, HttpMethod.Patch, "/api/v1/me", "displayName");

    private static (string?, string?, string?, string?) Fields(JsonElement profile) => (
        profile.GetProperty("displayName").GetString(), profile.GetProperty("image").GetString(),
        profile.GetProperty("minecraftName").GetString(), profile.GetProperty("minecraftUuid").GetString());
}
