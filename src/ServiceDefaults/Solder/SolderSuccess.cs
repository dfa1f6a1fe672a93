namespace PackRelay.ServiceDefaults.Solder;

/// <summary>What Solder answers when there is nothing to show.</summary>
/// <param name="Success">A sentence.</param>
public sealed record SolderSuccess(string Success);
