using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using PackRelay.LocalHosting.Processes;

namespace PackRelay.Testing.Servers;

/// <summary>
/// A folder for the servers' data that goes away with them. A small shell waits for the end of this process and of its guardian and removes
/// the folder, so that nothing stays behind even when this process is killed.
/// </summary>
internal sealed class RunFolder : IAsyncDisposable
{
    private const string Cleaner = """
        cat >/dev/null
        i=0; while kill -0 "$1" 2>/dev/null && [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done
        rm -rf -- "$2"
        """;

    private readonly Process cleaner;

    public RunFolder(Guardian guardian)
    {
        // Not Directory.CreateTempSubdirectory: that one may be entered by its owner only, and Postgres runs as another user when we are root.
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"packrelay-tests-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        Directory.CreateDirectory(Path);
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Cleaner, "packrelay-cleaner", guardian.ProcessId.ToString(CultureInfo.InvariantCulture), Path])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        cleaner = Process.Start(start) ?? throw new InvalidOperationException("The cleaner did not start.");
    }

    public string Path { get; }

    public async ValueTask DisposeAsync()
    {
        cleaner.StandardInput.Close();
        await cleaner.WaitForExitAsync();
        cleaner.Dispose();
    }
}
