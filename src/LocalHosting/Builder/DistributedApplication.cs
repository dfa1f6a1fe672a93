using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace PackRelay.LocalHosting;

/// <summary>An application that runs on this machine, without containers.</summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost host;

    internal DistributedApplication(IHost host) => this.host = host;

    /// <summary>Services of the AppHost itself.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, failure) => Explain((Exception)failure.ExceptionObject);
        return new DistributedApplicationBuilder(args, Assembly.GetEntryAssembly());
    }

    /// <summary>A diagram that cannot be built, most often because of a setting, is explained to the person at the console; where in the code it happened helps nobody there.</summary>
    private static void Explain(Exception failure)
    {
        if (failure is not (AppHostException or InvalidOperationException or ArgumentException or IOException or UnauthorizedAccessException)) return; // a bug: the runtime prints all of it
        Console.Error.WriteLine($"PackRelay cannot start: {failure.Message}");
        System.Environment.Exit(1);
    }

    /// <summary>Starts everything and returns after Ctrl-C or SIGTERM, when all of it is stopped. A start that cannot succeed is explained on the console and in the exit code (3: Debian packages are missing).</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await host.RunAsync(cancellationToken);
        }
        catch (AppHostException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            System.Environment.ExitCode = error.ExitCode;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="AppHostException">The start cannot succeed.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => host.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            host.Dispose();
    }
}

/// <summary>The application cannot be started; the message says why and what to do.</summary>
/// <param name="message">For the person at the console.</param><param name="exitCode">Exit code of the AppHost.</param>
public sealed class AppHostException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>Exit code when Debian packages are missing.</summary>
    public const int PackagesMissing = 3;

    /// <summary>Exit code of the AppHost.</summary>
    public int ExitCode { get; } = exitCode;
}
