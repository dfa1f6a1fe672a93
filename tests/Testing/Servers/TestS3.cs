using System.Globalization;
using System.Net.Sockets;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Servers;

namespace PackRelay.Testing.Servers;

/// <summary>A private S3-compatible server (s3rver, from the npm registry) with one bucket, that checks the signature of every request. It ends when disposed, or with this process.</summary>
public sealed class TestS3 : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ChildProcess process;

    private TestS3(ChildProcess process, int port, string folder) => (this.process, Url, Folder) = (process, new Uri($"http://127.0.0.1:{port}"), folder);

    /// <summary>Name of the bucket.</summary>
    public static string Bucket => "packrelay";

    /// <summary>Access key, and secret key too.</summary>
    public static string Key => "S3RVER";

    /// <summary>Its address.</summary>
    public Uri Url { get; }

    /// <summary>Where it keeps objects, one folder per bucket.</summary>
    public string Folder { get; }

    /// <summary>Starts one; installs it first when it is not there.</summary>
    public static async Task<TestS3> StartAsync()
    {
        var packages = await NodePackages.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("packrelay-s3-").FullName;
        var port = FreePorts.Next();
        var program = Path.Combine(packages, "@20minutes", "s3rver", "lib", "cli.js");
        string[] arguments =
        [
            "-e", $"require({System.Text.Json.JsonSerializer.Serialize(program)}).parseAsync(process.argv)", "s3rver",
            "--directory", folder, "--address", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--silent", "--no-vhost-buckets", "--configure-bucket", Bucket,
        ];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["HOME"] = folder };
        var child = ChildProcess.Start(new ChildProcessStart("node", arguments, folder) { Environment = environment, Guardian = BackingServers.Shared.Guardian });
        await Wait.UntilAsync(() => child.Exited.IsCompleted || Answers(port), "s3rver answers", Patience);
        return child.Exited.IsCompleted ? throw new InvalidOperationException($"s3rver ended with {await child.Exited}.") : new TestS3(child, port, folder);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await process.StopAsync(TimeSpan.FromSeconds(5));
        await process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
