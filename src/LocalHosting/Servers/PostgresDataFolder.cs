using System.Security.Cryptography;
using System.Text;
using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Servers;

/// <summary>Finds a folder that PostgreSQL's user can reach and fills it with a new database cluster when it is empty.</summary>
internal static class PostgresDataFolder
{
    public static async Task<string> PrepareAsync(PostgresServerOptions options, string programs, CancellationToken stop)
    {
        var folder = await ChooseAsync(options, stop);
        if (File.Exists(Path.Combine(folder, "PG_VERSION")))
            return folder;

        var passwordFile = Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.{RandomNumberGenerator.GetHexString(8)}");
        try
        {
            await CreateOwnedAsync(["install", "-m", "600", "/dev/null", passwordFile], stop);
            await File.WriteAllTextAsync(passwordFile, options.Password, stop);
            var (program, arguments) = PostgresUser.Command(
                Path.Combine(programs, "initdb"), "-D", folder, "-U", options.UserName, $"--pwfile={passwordFile}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums");
            var (exitCode, output) = await RunAsync([program, .. arguments], stop);
            if (exitCode != 0)
                throw new ServerStartException($"initdb failed with exit code {exitCode} in {folder}.", output);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        return folder;
    }

    /// <summary>The folder below <c>/var/lib</c> that stands in for one which cannot be reached, named after the latter.</summary>
    internal static string FallbackFor(string wanted)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..8];
        var words = wanted.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part.TrimStart('.'));
        return $"/var/lib/packrelay-{string.Join('-', words)}-{hash}";
    }

    private static async Task<string> ChooseAsync(PostgresServerOptions options, CancellationToken stop)
    {
        var wanted = Path.GetFullPath(options.DataDirectory);
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(wanted)!).FullName;
        if (PostgresUser.IsNeeded && !await IsTraversableAsync(parent, stop))
        {
            var fallback = FallbackFor(wanted);
            options.Log?.Invoke($"The user {PostgresUser.Name} may not enter {parent}: the data is in {fallback} instead.");
            wanted = fallback;
        }

        await CreateOwnedAsync(["install", "-d", "-m", "700", wanted], stop);
        return wanted;
    }

    private static async Task<bool> IsTraversableAsync(string folder, CancellationToken stop)
    {
        var (program, arguments) = PostgresUser.Command("test", "-x", folder);
        return (await RunAsync([program, .. arguments], stop)).ExitCode == 0;
    }

    // install(1) sets owner and mode in one step and leaves what is inside alone.
    private static async Task CreateOwnedAsync(string[] install, CancellationToken stop)
    {
        string[] owner = PostgresUser.IsNeeded ? ["-o", PostgresUser.Name, "-g", PostgresUser.Name] : [];
        var (exitCode, output) = await RunAsync([install[0], .. owner, .. install[1..]], stop);
        if (exitCode != 0)
            throw new ServerStartException($"{string.Join(' ', install)} failed with exit code {exitCode}.", output);
    }

    private static async Task<(int ExitCode, IReadOnlyList<string> Output)> RunAsync(string[] command, CancellationToken stop)
    {
        var output = new List<string>();
        await using var process = ChildProcess.Start(new(command[0], command[1..], "/")
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", ["LANG"] = "C.UTF-8", ["TZ"] = "UTC" },
            Log = line =>
            {
                lock (output)
                    output.Add(line);
            },
        });
        var exitCode = await process.Exited.WaitAsync(stop);
        lock (output)
            return (exitCode, [.. output]);
    }
}
