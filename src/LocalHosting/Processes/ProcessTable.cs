using System.Globalization;

namespace PackRelay.LocalHosting.Processes;

/// <summary>What the kernel says about processes, read from /proc.</summary>
internal static class ProcessTable
{
    /// <summary>One process at one moment. A number together with its start time names a process for good; the number alone is given out again.</summary>
    internal readonly record struct Entry(int ProcessId, char State, int ParentId, int SessionId, long StartTicks);

    public static Entry? Find(int processId)
    {
        try
        {
            return Parse(processId, File.ReadAllText($"/proc/{processId}/stat"));
        }
        catch (IOException)
        {
            return null; // it is gone
        }
    }

    /// <summary>True while that very process runs; one that has ended and was not reaped yet does not count.</summary>
    public static bool IsRunning(Entry process) =>
        Find(process.ProcessId) is { State: not ('Z' or 'X') } now && now.StartTicks == process.StartTicks;

    /// <summary>The process, all its descendants, and whoever else is in the session that it leads.</summary>
    public static List<Entry> Family(Entry leader)
    {
        var (processId, _, _, _, startTicks) = leader;
        if (Find(processId) is { } now && now.StartTicks != startTicks)
            return []; // the number belongs to somebody else by now, so nobody of the family is left
        var all = All();
        var family = all.Where(entry => entry.ProcessId == processId || entry.SessionId == processId).ToDictionary(entry => entry.ProcessId);
        bool grown;
        do
        {
            grown = false;
            foreach (var entry in all.Where(entry => family.ContainsKey(entry.ParentId)))
                grown |= family.TryAdd(entry.ProcessId, entry);
        }
        while (grown);
        return [.. family.Values];
    }

    /// <summary>Processes of one program whose working directory is this folder: how a server's orphans are recognised after it was killed.</summary>
    public static List<Entry> WorkingIn(string directory, string program) =>
        [.. All().Where(entry =>
            string.Equals(LinkTarget(entry.ProcessId, "cwd"), directory, StringComparison.Ordinal)
            && string.Equals(Path.GetFileName(LinkTarget(entry.ProcessId, "exe")), program, StringComparison.Ordinal))];

    /// <summary>
    /// Bytes of memory of each process with its descendants: some servers' main process is only a shell or a supervisor. Of the descendants only what they do not
    /// share counts, because PostgreSQL's workers all map the same buffers.
    /// </summary>
    public static Dictionary<int, long> MemoryOf(IEnumerable<int> leaders)
    {
        var memory = leaders.ToDictionary(leader => leader, _ => 0L);
        var parents = All().ToDictionary(entry => entry.ProcessId, entry => entry.ParentId);
        foreach (var processId in parents.Keys)
        {
            var leader = processId;
            while (!memory.ContainsKey(leader) && parents.TryGetValue(leader, out var parent) && parent > 1)
                leader = parent;
            if (memory.ContainsKey(leader) && MemoryOf(processId) is var (resident, shared))
                memory[leader] += leader == processId ? resident : resident - shared;
        }

        return memory;
    }

    private static (long Resident, long Shared)? MemoryOf(int processId)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{processId}/statm").Split(' ');
            return (Bytes(pages[1]), Bytes(pages[2]));
        }
        catch (IOException)
        {
            return null; // it is gone
        }

        static long Bytes(string count) => long.Parse(count, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private static List<Entry> All()
    {
        var entries = new List<Entry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Find(id) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    private static string? LinkTarget(int processId, string link)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/{link}").LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // gone, or somebody else's
        }
    }

    private static Entry? Parse(int processId, string stat)
    {
        // "pid (name) state ppid pgrp session ..."; the name may hold spaces and brackets, so cut after its last bracket.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length < 20 ? null : new(processId, fields[0][0], Number(fields[1]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture));

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
