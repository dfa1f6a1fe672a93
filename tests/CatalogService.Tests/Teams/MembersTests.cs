using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Teams;

public sealed class MembersTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Set_NewMemberThenAnotherRole_IsListedAndAnnouncedOnceEach()
    {
        await using var events = await api.ObserveAsync<PackChanged>();
        await using var audit = await api.ObserveAsync<AuditRecorded>();
        var (owner, member) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync();
        var path = $"/api/v1/packs/{slug}/members";

        var added = await owner.Client.PostAsync(path, new { username = member.Caller.Username, role = "publisher" }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["addedAt", "displayName", "role", "username"], added.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        var changed = await owner.Client.PostAsync(path, new { username = member.Caller.Username, role = "maintainer" }).JsonAsync();
        Assert.Equal((Text(added, "addedAt"), "maintainer"), (Text(changed, "addedAt"), Text(changed, "role")));
        await owner.Client.PostAsync(path, new { username = member.Caller.Username, role = "maintainer" }).JsonAsync(); // changes nothing
        Assert.Equal(3, await api.ScalarAsync<long>("SELECT revision FROM packs WHERE slug = $1", slug));
        await events.FirstAsync(found => found.Slug == slug && found.Revision == 3);
        var entry = await audit.FirstAsync(found => found.Target == $"pack:{slug}" && found.Action == AuditActions.MemberAdded && found.Details!["role"] == "maintainer");
        Assert.Equal((owner.Caller.AccountId, member.Caller.AccountId), (entry.ActorId, entry.SubjectId));

        var team = await owner.Client.GetAsync(path).JsonAsync();
        Assert.Equal(["members", "owner", "transfer"], team.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal((owner.Caller.Username, JsonValueKind.Null), (Text(team, "owner"), team.GetProperty("transfer").ValueKind));
        Assert.Equal(member.Caller.Username, Text(Assert.Single(team.GetProperty("members").EnumerateArray()), "username"));
        var page = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync();
        Assert.Equal(
            [$"{owner.Caller.Username}:owner", $"{member.Caller.Username}:maintainer"],
            page.GetProperty("team").EnumerateArray().Select(one => $"{Text(one, "username")}:{Text(one, "role")}"));
    }

    [Theory]
    [InlineData("""{"username":"nobody-at-all","role":"publisher"}""", HttpStatusCode.NotFound, "not_found")]
    [InlineData("""{"username":"$owner","role":"publisher"}""", HttpStatusCode.BadRequest, "invalid_username")]
    [InlineData("""{"username":"$owner","role":"owner"}""", HttpStatusCode.BadRequest, "invalid_role")]
    [InlineData("""{"username":"$owner"}""", HttpStatusCode.BadRequest, "invalid_json")]
    public async Task Set_BadBody_IsRefused(string body, HttpStatusCode status, string code)
    {
        var owner = api.NewPublisher();
        var slug = await owner.CreatePackAsync();
        await owner.Client.PostTextAsync($"/api/v1/packs/{slug}/members", body.Replace("$owner", owner.Caller.Username, StringComparison.Ordinal)).FailsAsync(status, code);
    }

    [Fact]
    public async Task Set_MoreThanAPackMayHave_IsRefused()
    {
        var owner = api.NewPublisher();
        var slug = await owner.CreatePackAsync();
        await api.ExecuteAsync(
            """
            WITH a AS (INSERT INTO accounts (id, username, display_name, revision) SELECT gen_random_uuid(), $1 || n, 'x', 1 FROM generate_series(1, 50) n RETURNING id)
            INSERT INTO pack_members SELECT p.id, a.id, 'publisher', now() FROM a, packs p WHERE p.slug = $1
            """,
            slug);
        var member = await NewAccountAsync();
        await owner.Client.PostAsync($"/api/v1/packs/{slug}/members", new { username = member.Caller.Username, role = "publisher" }).FailsAsync(HttpStatusCode.Conflict, "too_many_members");
        await owner.Client.PostAsync($"/api/v1/packs/{slug}/members", new { username = $"{slug}7", role = "maintainer" }).JsonAsync(); // one that is there may change
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Remove_Member_IsGoneAndSeesNothingPrivate(bool byBody)
    {
        var (owner, member) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync(more: new { visibility = "private" });
        await member.Client.GetAsync($"/api/v1/packs/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await JoinAsync(owner, slug, member, "publisher");
        Assert.Equal("private", Text(await member.Client.GetAsync($"/api/v1/packs/{slug}").JsonAsync(), "visibility"));

        var path = $"/api/v1/packs/{slug}/members";
        await RemoveAsync().SucceedsAsync();
        await member.Client.GetAsync($"/api/v1/packs/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await RemoveAsync().FailsAsync(HttpStatusCode.NotFound, "not_found");

        async Task<HttpResponseMessage> RemoveAsync()
        {
            if (!byBody) return await owner.Client.DeleteAsync($"{path}/{member.Caller.Username}");
            using var request = new HttpRequestMessage(HttpMethod.Delete, path) { Content = JsonContent.Create(new { username = member.Caller.Username }) };
            return await owner.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Remove_Oneself_IsLeaving()
    {
        var (owner, member, other) = (api.NewPublisher(), await NewAccountAsync(), await NewAccountAsync());
        var slug = await owner.CreatePackAsync();
        await JoinAsync(owner, slug, member, "maintainer");
        await JoinAsync(owner, slug, other, "publisher");
        var path = $"/api/v1/packs/{slug}/members";
        await member.Client.DeleteAsync($"{path}/{other.Caller.Username}").FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await member.Client.DeleteAsync($"{path}/{owner.Caller.Username}").FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await owner.Client.DeleteAsync($"{path}/{owner.Caller.Username}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        var asPlayer = member.ClientWith(caller => caller with { Role = Role.Player, Credential = CredentialKind.Session, Scopes = new HashSet<string>() });
        await asPlayer.DeleteAsync($"{path}/{member.Caller.Username}").SucceedsAsync(); // whatever became of its role
        await member.Client.GetAsync(path).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
    }

    [Theory]
    [InlineData("publisher")]
    [InlineData("maintainer")]
    public async Task Publish_ByAMemberWithItsOwnKey_IsTaken(string role)
    {
        var (owner, member) = (api.NewPublisher(), await NewAccountAsync());
        var slug = await owner.PublishPackAsync("1.0.0");
        await member.RegisterKeyAsync();
        await member.SendAsync(slug, member.Sign(member.Draft(slug, "2.0.0", await member.UploadAsync()))).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await JoinAsync(owner, slug, member, role);
        await member.PublishAsync(slug, "2.0.0");
        var foreign = owner.Sign(owner.Draft(slug, "3.0.0", await member.UploadAsync()));
        await member.SendAsync(slug, foreign).FailsAsync(HttpStatusCode.Forbidden, "key_not_yours");
        await owner.SendAsync(slug, member.Sign(member.Draft(slug, "3.0.0", await member.UploadAsync()))).FailsAsync(HttpStatusCode.Forbidden, "key_not_yours");

        var keys = (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync()).GetProperty("keys").EnumerateArray().ToArray();
        Assert.Equal([member.KeyId.ToString(), owner.KeyId.ToString()], keys.Select(key => Text(key, "keyId")));
        await owner.Client.DeleteAsync($"/api/v1/packs/{slug}/members/{member.Caller.Username}").SucceedsAsync();
        await member.SendAsync(slug, member.Sign(member.Draft(slug, "3.0.0", await member.UploadAsync()))).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
    }

    [Fact]
    public async Task Publish_ByAnAdminWhoIsNoMember_IsRefused()
    {
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin });
        await admin.RegisterKeyAsync();
        var slug = await api.NewPublisher().CreatePackAsync();
        await admin.SendAsync(slug, admin.Sign(admin.Draft(slug, "1.0.0", await admin.UploadAsync()))).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
    }

    private async Task<Publisher> NewAccountAsync()
    {
        var account = api.NewPublisher();
        await api.ExecuteAsync(
            "INSERT INTO accounts (id, username, display_name, revision) VALUES ($1, $2, $2, 1)", account.Caller.AccountId, account.Caller.Username);
        return account;
    }

    private static Task JoinAsync(Publisher owner, string slug, Publisher member, string role) =>
        owner.Client.PostAsync($"/api/v1/packs/{slug}/members", new { username = member.Caller.Username, role }).SucceedsAsync(HttpStatusCode.Created);

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
