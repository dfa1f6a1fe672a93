using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PackRelay.Gateway.Callers;
using PackRelay.ServiceDefaults.Discovery;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Callers;

public sealed class SignOfLifeTests(GatewayApi api) : IClassFixture<GatewayApi>
{
    [Fact]
    public async Task Sign_WhileIdentityAnswers_IsThereAndEndsByItself()
    {
        await Wait.UntilAsync(IsThereAsync, "the gateway's sign", TimeSpan.FromSeconds(20));
        Assert.InRange((await api.Redis.ExecuteAsync("PTTL"u8, [GatewaySign.Key])).AsInteger(), 1, (long)GatewaySign.Lifetime.TotalMilliseconds);
    }

    [Fact]
    public async Task Sign_WhileIdentityIsUnwell_IsNotGiven()
    {
        var handler = api.Identity.Backend.Handler;
        api.Identity.Backend.Handler = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        try
        {
            var sign = api.Services.GetServices<IHostedService>().OfType<SignOfLife>().Single();
            await Wait.UntilAsync( // the one that is given all the time may have been under way
                async () =>
                {
                    await api.Redis.DeleteAsync(GatewaySign.Key);
                    await sign.GiveAsync(CancellationToken.None);
                    return !await IsThereAsync();
                },
                "no sign", TimeSpan.FromSeconds(20));
        }
        finally
        {
            api.Identity.Backend.Handler = handler;
        }
    }

    private async Task<bool> IsThereAsync() => await api.Redis.GetAsync(GatewaySign.Key) is not null;
}
