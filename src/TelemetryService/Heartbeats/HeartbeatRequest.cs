namespace PackRelay.TelemetryService.Heartbeats;

/// <summary>
/// Body of <c>POST /api/v1/servers/{slug}/heartbeat</c>, at most 64 KB; members that are not named here are ignored. What breaks a limit is 400
/// <c>invalid_heartbeat</c>, with the member and the limit in the text.
/// </summary>
/// <param name="CurrentPlayers">Players online, 0 to 100,000.</param>
/// <param name="MaxPlayers">Player slots, 0 to 100,000.</param>
/// <param name="CpuPct">Processor load in percent, 0 to 100.</param>
/// <param name="RamPct">Memory in use in percent, 0 to 100. Wins over the two members below.</param>
/// <param name="RamUsedMb">Memory in use in MB; needs <paramref name="RamTotalMb"/>.</param>
/// <param name="RamTotalMb">Memory of the machine in MB, more than 0 and at least <paramref name="RamUsedMb"/>.</param>
/// <param name="PackVersion">Pack version that runs, at most 100 characters.</param>
/// <param name="GameVersion">Game version that runs, at most 100 characters.</param>
/// <param name="Players">Names of the players, at most 500, each 1 to 100 characters. Not kept unless the owner of the server shows them (<c>showPlayers</c>).</param>
/// <param name="Inventory">What is installed, at most 2,000 items.</param>
/// <param name="State"><c>stopping</c> takes the server offline at once; absent otherwise.</param>
public sealed record HeartbeatRequest(
    int CurrentPlayers, int? MaxPlayers = null, double? CpuPct = null, double? RamPct = null, double? RamUsedMb = null, double? RamTotalMb = null,
    string? PackVersion = null, string? GameVersion = null, IReadOnlyList<string?>? Players = null, IReadOnlyList<InventoryItem?>? Inventory = null,
    string? State = null)
{
    private const int MostPlayers = 100_000;

    /// <summary>Whether the server announces that it stops.</summary>
    internal bool IsStopping => State == "stopping";

    /// <summary>Memory load in percent, however it was given; null when it was not.</summary>
    internal double? MemoryPct => RamPct ?? (RamUsedMb is { } used && RamTotalMb is { } total ? 100 * used / total : null);

    /// <summary>The first member that breaks its limit, with the limit; null when all is well.</summary>
    internal string? FindProblem() => this switch
    {
        { CurrentPlayers: < 0 or > MostPlayers } => "currentPlayers: 0 to 100000",
        { MaxPlayers: < 0 or > MostPlayers } => "maxPlayers: 0 to 100000",
        { CpuPct: < 0 or > 100 } => "cpuPct: 0 to 100",
        { RamPct: < 0 or > 100 } => "ramPct: 0 to 100",
        { RamUsedMb: null, RamTotalMb: not null } or { RamUsedMb: not null, RamTotalMb: null } => "ramUsedMb and ramTotalMb: both or neither",
        { RamTotalMb: <= 0 or double.PositiveInfinity } => "ramTotalMb: more than 0",
        { RamUsedMb: < 0 } => "ramUsedMb: 0 to ramTotalMb",
        _ when RamUsedMb > RamTotalMb => "ramUsedMb: 0 to ramTotalMb",
        { PackVersion.Length: > 100 } => "packVersion: at most 100 characters",
        { GameVersion.Length: > 100 } => "gameVersion: at most 100 characters",
        { State: not (null or "stopping") } => "state: 'stopping', or absent",
        { Players.Count: > 500 } => "players: at most 500 names",
        { Inventory.Count: > 2_000 } => "inventory: at most 2000 items",
        _ when Players?.Any(name => name is not { Length: >= 1 and <= 100 }) == true => "players: names of 1 to 100 characters",
        _ => FindInventoryProblem(),
    };

    private string? FindInventoryProblem()
    {
        for (var i = 0; i < Inventory?.Count; i++)
        {
            if (Inventory[i] is not { } item) return $"inventory[{i}]: an object";
            if (item.FindProblem(i) is { } problem) return problem;
        }

        return null;
    }
}

/// <summary>One installed mod or file.</summary>
/// <param name="Name">Its name, 1 to 200 characters.</param>
/// <param name="Version">Its version, at most 100 characters.</param>
/// <param name="Sha256">SHA-256 of the file, 64 hexadecimal digits.</param>
public sealed record InventoryItem(string Name, string? Version = null, string? Sha256 = null)
{
    internal string? FindProblem(int index) => this switch
    {
        { Name.Length: 0 or > 200 } => $"inventory[{index}].name: 1 to 200 characters",
        { Version.Length: > 100 } => $"inventory[{index}].version: at most 100 characters",
        { Sha256: { } hash } when !IsSha256(hash) => $"inventory[{index}].sha256: 64 hexadecimal digits",
        _ => null,
    };

    private static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
