using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.Testing;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Tests.Secrets;

public sealed class ResealTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private const string NewKey = "the key after the one of the tests";

    [Fact]
    public async Task Secrets_AfterAChangeOfKeys_AreReadWithoutThePreviousKey()
    {
        var owner = api.NewOwner("pro");
        var hooks = new List<Hook>();
        for (var i = 0; i < 101; i++) hooks.Add(await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/"))); // more than a batch
        var rotated = hooks[0];
        using var rotation = await owner.Client.PostAsync(new Uri($"{WebhookApi.Routes}/{rotated.Id}/rotate-secret", UriKind.Relative), null);
        var newest = (await rotation.ReadJsonAsync()).GetProperty("secret").GetString()!;
        var options = Options.Create(new SecretOptions { SecretsKey = NewKey, PreviousSecretsKey = api.ReplicaSettings["Webhooks:SecretsKey"] });
        var clock = new SteppedClock();
        using var worker = new ResealWorker(new SecretVault(options), api.Services.GetRequiredService<NpgsqlDataSource>(), options, clock, NullLogger<ResealWorker>.Instance);

        await worker.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(5)); // again and again: the worker may not have set its timer yet
                return worker.ExecuteTask!.IsCompletedSuccessfully;
            },
            "the secrets are encrypted anew");

        var vault = new SecretVault(Options.Create(new SecretOptions { SecretsKey = NewKey }));
        foreach (var hook in hooks)
            await AssertReadsAsync(vault, hook.Id, "secret", hook == rotated ? newest : hook.Secret);
        await AssertReadsAsync(vault, rotated.Id, "previous_secret", rotated.Secret);
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM endpoints WHERE previous_secret IS NOT NULL"));
    }

    private async Task AssertReadsAsync(SecretVault vault, Guid id, string column, string secret)
    {
        var sealedSecret = new SealedSecret(
            (await api.ScalarAsync<string>($"SELECT {column}_key_id FROM endpoints WHERE id = $1", id))!,
            (await api.ScalarAsync<byte[]>($"SELECT {column} FROM endpoints WHERE id = $1", id))!);
        Assert.True(vault.TryOpen(id, sealedSecret, out var opened));
        Assert.Equal(new WebhookSecret(secret).SignBody([1]), opened.SignBody([1]));
    }
}
