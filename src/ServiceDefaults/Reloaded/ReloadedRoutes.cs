using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>Which paths belong to the Reloaded-III dialect: whatever they answer, errors too, is in the format that the request asks for.</summary>
public static class ReloadedRoutes
{
    private static readonly PathString[] Roots = ["/api/packages", "/api/compatibility", "/api/games", "/api/steamgriddb"];

    /// <summary>Whether a path is one of the dialect's, also when no route answers it.</summary>
    public static bool Contains(PathString path)
    {
        foreach (var root in Roots)
        {
            if (path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
