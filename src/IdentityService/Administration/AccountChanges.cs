using PackRelay.IdentityService.Accounts;

namespace PackRelay.IdentityService.Administration;

/// <summary>Says in words what an administrator changed, for the audit log.</summary>
internal static class AccountChanges
{
    private const int MostSlugs = 20; // an entry stays short; the account itself has them all

    public static IReadOnlyList<(string Name, string? Value)> Between(ManagedAccount before, ManagedAccount after)
    {
        var changes = new List<(string Name, string? Value)>();
        if (before.Account.Role != after.Account.Role) changes.Add(("role", $"{before.Account.Role.ToText()} -> {after.Account.Role.ToText()}"));
        if (before.Account.Plan != after.Account.Plan) changes.Add(("plan", $"{before.Account.Plan} -> {after.Account.Plan}"));
        if (before.SuspendedAt is null != after.SuspendedAt is null) changes.Add(("suspended", after.SuspendedAt is null ? "false" : "true"));
        if (Difference(before.Permissions, after.Permissions) is { } permissions) changes.Add(("permissions", permissions));
        if (Difference(before.SolderModpacks, after.SolderModpacks) is { } modpacks) changes.Add(("solderModpacks", modpacks));
        return changes;
    }

    private static string? Difference(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        string[] changed = [.. after.Except(before, StringComparer.Ordinal).Select(name => $"+{name}"), .. before.Except(after, StringComparer.Ordinal).Select(name => $"-{name}")];
        if (changed.Length == 0) return null;
        return string.Join(' ', changed.Take(MostSlugs)) + (changed.Length > MostSlugs ? $" and {changed.Length - MostSlugs} more" : "");
    }
}
