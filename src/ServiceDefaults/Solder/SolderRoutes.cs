using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>Which paths belong to the Solder dialect: its own envelope of errors, its own headers, its own credentials.</summary>
public static class SolderRoutes
{
    private static readonly string[] Roots = ["/api/modpack", "/api/mod", "/api/verify", "/api/client", "/api/token", "/api/minecraft"];

    /// <summary>Whether a path is one of the dialect's, also when no route answers it.</summary>
    public static bool Contains(PathString path)
    {
        var text = path.Value ?? "";
        if (!text.StartsWith("/api", StringComparison.OrdinalIgnoreCase)) return false;
        if (text.Length <= 5) return text.Length == 4 || text[4] == '/';
        foreach (var root in Roots)
        {
            if (text.StartsWith(root, StringComparison.OrdinalIgnoreCase) && (text.Length == root.Length || text[root.Length] == '/')) return true;
        }

        return false;
    }
}
