using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PackRelay.IdentityService.Secrets;

namespace PackRelay.IdentityService.Tests.Secrets;

public sealed class PasswordsTests
{
    [Theory]
    [InlineData("the password", true)]
    [InlineData("The password", false)]
    [InlineData("the password ", false)]
    [InlineData("", false)]
    public async Task Check_OfAStoredHash_SaysWhetherItIsThePassword(string tried, bool isRight)
    {
        using var passwords = Make();
        var hash = await passwords.HashAsync("the password", CancellationToken.None);
        Assert.Equal(isRight ? PasswordCheck.Right : PasswordCheck.Wrong, await passwords.CheckAsync(hash, tried, CancellationToken.None));
    }

    [Fact]
    public async Task Hash_Twice_GivesTwoTexts()
    {
        using var passwords = Make();
        Assert.NotEqual(await passwords.HashAsync("the password", CancellationToken.None), await passwords.HashAsync("the password", CancellationToken.None));
    }

    [Fact]
    public async Task Check_WhenMoreWaitThanMay_IsBusy()
    {
        using var passwords = Make(iterations: 500_000, queue: 0);
        using var together = new Barrier(participantCount: 4);

        var checks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return passwords.CheckAsync(storedHash: null, "anything", CancellationToken.None);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.Contains(PasswordCheck.Wrong, checks);
        Assert.Contains(PasswordCheck.Busy, checks);
    }

    [Fact]
    public async Task Check_WhenSomeMayWait_ServesThemAll()
    {
        using var passwords = Make(queue: 10);
        var checks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => passwords.CheckAsync(storedHash: null, "anything", CancellationToken.None))));
        Assert.All(checks, check => Assert.Equal(PasswordCheck.Wrong, check));
    }

    private static Passwords Make(int iterations = 1_000, int queue = 10) => new(
        Options.Create(new PasswordWorkOptions { Concurrency = 1, QueueLimit = queue }), Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
}
