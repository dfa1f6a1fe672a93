using System.Text.Json;
using System.Text.Json.Serialization;
using PackRelay.LocalHosting.Processes;

namespace PackRelay.LocalHosting.Running;

/// <summary>The data folder, held by one AppHost at a time. The kernel releases the lock when its holder dies, whatever the reason.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly FileStream lockFile;

    private DataDirectory(string path, FileStream lockFile)
    {
        Path = path;
        this.lockFile = lockFile;
    }

    public string Path { get; }

    private string RunFile => Of("apphost.json");

    /// <exception cref="AppHostException">Another AppHost holds it.</exception>
    public static DataDirectory Open(string path)
    {
        // Others may pass through: Postgres runs as its own user. What is inside is closed to them by its own mode.
        Directory.CreateDirectory(path);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerReadsAndWrites };
            return new(path, new FileStream(System.IO.Path.Combine(path, "apphost.lock"), options));
        }
        catch (IOException)
        {
            var holder = Read(System.IO.Path.Combine(path, "apphost.json"));
            var who = holder is null ? "Another AppHost" : $"Another AppHost (process {holder.ProcessId}, status page {holder.StatusPage})";
            throw new AppHostException($"{who} uses the data folder {path}. Stop it first, or give this one its own folder: LocalHosting__DataDirectory=...");
        }
    }

    public string Of(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Waits until the guardian of an AppHost that crashed has finished: its servers may still be writing to this folder.</summary>
    public async Task WaitForPreviousRunAsync(Action<string> say, CancellationToken stop)
    {
        if (Read(RunFile) is not { } run || !ProcessTable.IsRunning(run.Guardian))
            return;
        say("waiting until what a crashed AppHost had started is stopped ...");
        while (ProcessTable.IsRunning(run.Guardian))
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
    }

    public void NoteRun(int guardianProcessId, string statusPage)
    {
        var guardian = ProcessTable.Find(guardianProcessId) ?? default;
        File.Delete(RunFile);
        using var file = new FileStream(RunFile, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerReadsAndWrites });
        JsonSerializer.Serialize(file, new Run(Environment.ProcessId, guardian.ProcessId, guardian.StartTicks, statusPage));
    }

    public void Dispose() => lockFile.Dispose();

    private static Run? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Run>(File.ReadAllText(file)) : null;
        }
        catch (JsonException)
        {
            return null; // half-written by an AppHost that was killed
        }
    }

    private sealed record Run(int ProcessId, int GuardianProcessId, long GuardianStartTicks, string StatusPage)
    {
        [JsonIgnore]
        public ProcessTable.Entry Guardian => new(GuardianProcessId, 'S', 0, 0, GuardianStartTicks);
    }
}
