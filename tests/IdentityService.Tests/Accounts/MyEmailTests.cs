using System.Net;
using System.Net.Http.Json;

namespace PackRelay.IdentityService.Tests.Accounts;

public sealed class MyEmailTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/me/email";

    [Fact]
    public async Task Change_WithTheRightPassword_IsShownAndSignsIn()
    {
        var person = await api.NewPersonAsync();
        var email = $"{IdentityApi.FreshName()}@Example.org";

        using var answer = await ChangeAsync(person, email);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(email, (await answer.ReadJsonAsync()).GetProperty("email").GetString());
        using var shown = await person.Client.GetAsync(Path);
        Assert.Equal(email, (await shown.ReadJsonAsync()).GetProperty("email").GetString());
        using var client = api.CreateClient();
        using var signedIn = await client.PostAsJsonAsync("/api/v1/sessions", new { login = email, password = IdentityApi.Password });
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        using var before = await client.PostAsJsonAsync("/api/v1/sessions", new { login = person.Email, password = IdentityApi.Password });
        Assert.Equal(HttpStatusCode.Unauthorized, before.StatusCode);
    }

    [Fact]
    public async Task Change_ToAnotherAccountsAddress_Answers409()
    {
        var (person, other) = (await api.NewPersonAsync(), await api.NewPersonAsync());
        using var answer = await ChangeAsync(person, other.Email.ToUpperInvariant());
        await answer.AssertErrorAsync(HttpStatusCode.Conflict, "email_taken");
    }

    [Fact]
    public async Task Change_ToOnesOwnAddressInAnotherCase_Succeeds()
    {
        var person = await api.NewPersonAsync();
        using var answer = await ChangeAsync(person, person.Email.ToUpperInvariant());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Change_OfManyToOneAddressAtOnce_SucceedsOnce()
    {
        var email = $"{IdentityApi.FreshName()}@example.org";
        var people = new List<Person>();
        for (var i = 0; i < 5; i++) people.Add(await api.NewPersonAsync());

        var answers = await Task.WhenAll(people.Select(person => ChangeAsync(person, email)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(4, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Change_WithAWrongPassword_IsRefused()
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PutAsJsonAsync(Path, new { currentPassword = "not the password", email = "a@example.org" });
        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "wrong_password");
    }

    [Fact]
    public async Task Change_ToWhatIsNoAddress_IsRefused()
    {
        using var answer = await ChangeAsync(await api.NewPersonAsync(), "not an address");
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_email");
    }

    [Fact]
    public async Task Change_WithABadBody_IsRefused() => await BadBodies.AssertRefusedAsync((await api.NewPersonAsync()).Client, HttpMethod.Put, Path, "email");

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    public Task Route_ByAnyone_TakesASessionOnly(string method) => Access.AssertSessionOnlyAsync(api, new HttpMethod(method), Path);

    private static Task<HttpResponseMessage> ChangeAsync(Person person, string email) => person.Client.PutAsJsonAsync(Path, new { currentPassword = IdentityApi.Password, email });
}
