namespace PackRelay.ServiceDefaults.Solder;

/// <summary>Identity asks the catalog which of these are modpacks (<c>POST /internal/solder/modpacks</c>), and is answered with those that are.</summary>
/// <param name="Modpacks">Numbers of modpacks.</param>
/// <param name="Slugs">Only those of these slugs; null for all.</param>
public sealed record SolderModpackNumbers(IReadOnlyList<long> Modpacks, IReadOnlyList<string>? Slugs = null);
