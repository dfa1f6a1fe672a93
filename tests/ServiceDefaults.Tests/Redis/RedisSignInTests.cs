using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RedisSignInTests
{
    [Fact]
    public async Task Connect_WithUserPasswordDatabaseAndName_UsesThem()
    {
        await using var server = new OwnServer();
        await server.Redis.StartAsync("--user", "ada", "on", ">secret", "~*", "&*", "+@all", "--user", "default", "off");
        await using var redis = server.Redis.CreateClient(",user=ada,password=secret,defaultDatabase=3,name=tests");
        Assert.Equal("ada", (await redis.ExecuteAsync("ACL"u8, ["WHOAMI"])).AsString());
        Assert.Contains("name=tests", (await redis.ExecuteAsync("CLIENT"u8, ["INFO"])).AsString()!, StringComparison.Ordinal);
        Assert.Contains(" db=3 ", (await redis.ExecuteAsync("CLIENT"u8, ["INFO"])).AsString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithAWrongPassword_SaysSoWithoutIt()
    {
        await using var server = new OwnServer();
        await server.Redis.StartAsync("--requirepass", "right");
        await using var redis = server.Redis.CreateClient(",password=wrong-one");
        var error = await Assert.ThrowsAsync<RedisUnavailableException>(() => redis.GetAsync("a"));
        Assert.Contains("WRONGPASS", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WhenTheFirstServerIsAway_TakesTheNext()
    {
        await using var server = new OwnServer();
        await server.Redis.StartAsync();
        await using var redis = new RedisClient(RedisConnectionString.Parse($"127.0.0.1:1,{server.Redis.ConnectionString}"));
        Assert.Null(await redis.GetAsync("a"));
    }

    [Fact]
    public async Task Connect_OverTls_TakesOnlyACertificateItTrusts()
    {
        var folder = Directory.CreateTempSubdirectory("packrelay-redis-tls-");
        try
        {
            var (certificate, key) = (Path.Combine(folder.FullName, "certificate.pem"), Path.Combine(folder.FullName, "key.pem"));
            using var rsa = RSA.Create(2_048);
            var now = TimeProvider.System.GetUtcNow();
            using var issued = new CertificateRequest("CN=redis.test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(certificate, issued.ExportCertificatePem());
            await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem());
            await using var server = new OwnServer();
            await server.Redis.StartAsync(
                "--port", "0", "--tls-port", $"{server.Redis.Port}", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no");

            await using var careful = server.Redis.CreateClient(",ssl=true");
            await Assert.ThrowsAsync<RedisUnavailableException>(() => careful.GetAsync("a"));

            var options = RedisConnectionString.Parse(server.Redis.ConnectionString + ",ssl=true,sslHost=redis.test");
            options.CertificateValidation = (_, presented, _, _) => presented!.GetCertHashString() == issued.GetCertHashString();
            await using var trusting = new RedisClient(options);
            await trusting.SetAsync("a", new byte[200_000]);
            Assert.Equal(200_000, (await trusting.GetAsync("a"))!.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("$100\r\nhalf of i")]
    [InlineData("*2\r\n:1\r\n")]
    [InlineData("what is this\r\n")]
    public async Task Execute_WhenTheConnectionEndsWithinAReply_FailsAndIsAnsweredByTheNextConnection(string broken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var redis = new RedisClient(RedisConnectionString.Parse($"{listener.LocalEndpoint},asyncTimeout=5000"));
        var call = redis.ExecuteAsync("ECHO"u8, ["x"]);
        using (var first = await listener.AcceptTcpClientAsync())
        {
            await AnswerAsync(first, "+PONG\r\n");
            await AnswerAsync(first, broken);
        }

        await Assert.ThrowsAsync<RedisUnavailableException>(() => call.WaitAsync(Wait.Default));
        using var second = await listener.AcceptTcpClientAsync().WaitAsync(Wait.Default);
        await AnswerAsync(second, "+PONG\r\n");
        await Wait.UntilAsync(() => redis.IsConnected, "the second connection is in use");
        var again = redis.ExecuteAsync("ECHO"u8, ["y"]);
        await AnswerAsync(second, "$1\r\ny\r\n");
        Assert.Equal("y", (await again.WaitAsync(Wait.Default)).AsString());
    }

    /// <summary>Waits for a command and answers it, one byte at a time.</summary>
    private static async Task AnswerAsync(TcpClient client, string reply)
    {
        client.NoDelay = true;
        Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[4_096]).AsTask().WaitAsync(Wait.Default));
        foreach (var one in Encoding.ASCII.GetBytes(reply))
            await client.GetStream().WriteAsync(new[] { one });
    }

    private sealed class OwnServer : IAsyncDisposable
    {
        public PrivateRedis Redis { get; } = new();

        public async ValueTask DisposeAsync() => await Redis.DisposeAsync();
    }
}
