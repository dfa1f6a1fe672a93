using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>An open stream to a server that has accepted us: TLS done, signed in, database selected, PING answered.</summary>
internal sealed class RedisStream(Stream stream, PipeReader input, RespParser parser) : IAsyncDisposable
{
    public Stream Output => stream;

    public PipeReader Input => input;

    public RespParser Parser => parser;

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
    }
}

/// <summary>Opens connections.</summary>
internal sealed class RedisDialer(RedisClientOptions options, TimeProvider clock)
{
    /// <summary>Tries the servers in their order.</summary>
    /// <exception cref="RedisUnavailableException">None of them took us; the message tells why of the last one.</exception>
    public async Task<RedisStream> OpenAsync(CancellationToken stop)
    {
        RedisUnavailableException? last = null;
        foreach (var endPoint in options.EndPoints)
        {
            using var timeout = new CancellationTokenSource(options.ConnectTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
            try
            {
                return await OpenAsync(endPoint, either.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                last = new RedisUnavailableException($"Redis at {endPoint} did not answer within {options.ConnectTimeout.TotalMilliseconds:0} ms.");
            }
            catch (RedisServerException error)
            {
                last = new RedisUnavailableException($"Redis at {endPoint} refused us: {error.Message}", error);
            }
            catch (Exception error) when (error is SocketException or IOException or InvalidDataException or System.Security.Authentication.AuthenticationException)
            {
                last = new RedisUnavailableException($"Redis at {endPoint} cannot be reached: {error.Message}", error);
            }
        }

        throw last ?? new RedisUnavailableException("No Redis server is configured.");
    }

    private async Task<RedisStream> OpenAsync(RedisEndPoint endPoint, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)options.KeepAlive.TotalSeconds);
            await socket.ConnectAsync(endPoint.Host, endPoint.Port, stop);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Ssl)
                stream = await SecureAsync(stream, endPoint, stop);
            var redis = new RedisStream(stream, PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024)), new RespParser());
            await SignInAsync(redis, stop);
            return redis;
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(Stream plain, RedisEndPoint endPoint, CancellationToken stop)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = options.SslHost ?? endPoint.Host,
            RemoteCertificateValidationCallback = options.CertificateValidation,
        };
        await secure.AuthenticateAsClientAsync(client, stop);
        return secure;
    }

    /// <summary>The PING at the end makes sure that the server serves: while it loads its data it refuses.</summary>
    private async Task SignInAsync(RedisStream redis, CancellationToken stop)
    {
        var hello = new RedisBatch();
        if (options.Password is { } password)
        {
            if (options.User is { } user)
                hello.Add("AUTH"u8, user, password);
            else
                hello.Add("AUTH"u8, password);
        }

        if (options.ClientName is { } name)
            hello.Add("CLIENT"u8, "SETNAME", name);
        if (options.DefaultDatabase != 0)
            hello.Add("SELECT"u8, options.DefaultDatabase);
        hello.Add("PING"u8);

        await redis.Output.WriteAsync(hello.WrittenBytes.ToArray(), stop);
        for (var missing = hello.Count; missing > 0;)
        {
            var read = await redis.Input.ReadAsync(stop);
            var buffer = read.Buffer;
            while (missing > 0 && redis.Parser.TryRead(ref buffer, out var reply))
            {
                reply.ThrowIfError();
                missing--;
            }

            redis.Input.AdvanceTo(buffer.Start, buffer.End);
            if (missing > 0 && read.IsCompleted)
                throw new IOException("the server closed the connection");
        }
    }
}
