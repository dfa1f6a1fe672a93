namespace PackRelay.Gateway.Edge;

/// <summary>Headers by which the services know the caller and the client's address: from outside they are lies.</summary>
internal static class InboundHeaders
{
    private static readonly string[] Prefixes = ["X-PackRelay-", "X-Forwarded-", "X-Original-"];

    private static readonly string[] Names = ["Forwarded", "X-Real-IP"];

    public static void Strip(IHeaderDictionary headers)
    {
        List<string>? forged = null;
        foreach (var (name, _) in headers)
        {
            if (IsOurs(name)) (forged ??= []).Add(name);
        }

        forged?.ForEach(name => headers.Remove(name));
    }

    private static bool IsOurs(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return Names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
