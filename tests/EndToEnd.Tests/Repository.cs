namespace PackRelay.EndToEnd.Tests;

/// <summary>Where the checkout is that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Folder of what is built, with one folder per project.</summary>
    public static string Binaries => Path.Combine(Root, "artifacts", "bin");

    /// <summary>How these tests, and the hub with them, were built: <c>release</c> or <c>debug</c>.</summary>
    public static string Configuration => Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>The AppHost as it was built together with these tests.</summary>
    public static string AppHost => Path.Combine(Binaries, "AppHost", Configuration, "AppHost.dll");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "PackRelay.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("PackRelay.sln is in no folder above the tests."));
}
