using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.CatalogService.Solder;
using PackRelay.CatalogService.Solder.Import;

namespace Microsoft.Extensions.Hosting;

/// <summary><c>import-solder</c>: a command of the catalog's program instead of serving. It needs the database and nothing else; events wait in the outbox for a service that runs.</summary>
internal static class SolderImportFeature
{
    private const int LargestAnswerBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddSolderImport(this IServiceCollection services) => services.AddSingleton<ImportedRows>();

    /// <summary>True: that was what the program had been started for, and it is done. The exit code is 0, 1 when something was left out, 2 when it could not run.</summary>
    public static async Task<bool> TryRunAsync(string[] args)
    {
        if (args is not [ImportArguments.Command, .. var rest]) return false;
        if (!ImportArguments.TryRead(rest, out var arguments))
        {
            await Console.Error.WriteLineAsync(ImportArguments.Usage);
            Environment.ExitCode = 2;
            return true;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true; // the build under way is finished or undone
            stop.Cancel();
        };
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("catalogdb");
        builder.Services.AddPacks().AddSolder();
        await using var app = builder.Build();
        if (!arguments.IsDryRun) await app.MigrateAndRunAsync(typeof(SolderImportFeature).Assembly, ["--migrate"]); // a dry run changes nothing at all
        Environment.ExitCode = await RunAsync(app.Services, arguments, Console.Out, stop.Token);
        return true;
    }

    /// <summary>Runs an import, and says in its output how it ended.</summary>
    internal static async Task<int> RunAsync(IServiceProvider services, ImportArguments arguments, TextWriter output, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = arguments.Url, Timeout = Timeout, MaxResponseContentBufferSize = LargestAnswerBytes };
        var remote = new RemoteSolder(http, arguments.Key, services.GetRequiredService<TimeProvider>());
        var game = services.GetRequiredService<IOptions<SolderOptions>>().Value.Game;
        try
        {
            return await new SolderImport(arguments, remote, services.GetRequiredService<ImportedRows>(), game, output).RunAsync(stop);
        }
        catch (ImportException error)
        {
            await output.WriteLineAsync($"{error.Message}; started again, the import goes on where it stopped");
            return 2;
        }
        catch (PostgresException error) when (arguments.IsDryRun && error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            await output.WriteLineAsync("the database has not the tables of this version, and a dry run does not make them: start the service, or run it with --migrate, first");
            return 2;
        }
        catch (NpgsqlException error)
        {
            await output.WriteLineAsync($"the database: {error.Message}; started again, the import goes on where it stopped");
            return 2;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await output.WriteLineAsync("broken off; started again, the import goes on where it stopped");
            return 2;
        }
    }
}
