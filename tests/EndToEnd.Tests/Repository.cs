namespace PackRelay.EndToEnd.Tests;

/// <summary>Where the checkout is that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The AppHost as it was built together with these tests.</summary>
    public static string AppHost => Path.Combine(Root, "artifacts", "bin", "AppHost", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "AppHost.dll");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "PackRelay.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("PackRelay.sln is in no folder above the tests."));
}
