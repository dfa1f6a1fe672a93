namespace PackRelay.TelemetryService.Drift;

/// <summary>How a mod of a server's inventory differs from the attached version.</summary>
public enum DriftState
{
    /// <summary>The version has it, the server has not.</summary>
    Missing,

    /// <summary>The server has it, the version has not.</summary>
    Unexpected,

    /// <summary>Both have it, in another version or with other bytes.</summary>
    Different,
}

/// <summary>One mod of a server that differs from what the attached version's manifest says.</summary>
/// <param name="Name">Its name: the first folder or file below <c>Mods/</c>, or the inventory's.</param>
/// <param name="State">How it differs.</param>
/// <param name="Expected">The manifest's version or hash; null when it names none, and for what is unexpected.</param>
/// <param name="Actual">The inventory's version or hash; null when it names none, and for what is missing.</param>
public sealed record ModDrift(string Name, DriftState State, string? Expected, string? Actual);
