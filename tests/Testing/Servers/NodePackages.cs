using System.Diagnostics;

namespace PackRelay.Testing.Servers;

/// <summary>What tests take from npm, at the versions of tests/node/package-lock.json.</summary>
public static class NodePackages
{
    /// <summary>Installs them when they are not there, and gives the folder <c>node_modules</c>.</summary>
    public static async Task<string> InstallAsync()
    {
        var root = Root(AppContext.BaseDirectory);
        var start = new ProcessStartInfo("bash", [Path.Combine(root, "eng", "node-packages.sh")]) { RedirectStandardError = true, UseShellExecute = false };
        using var install = Process.Start(start)!;
        var errors = await install.StandardError.ReadToEndAsync();
        await install.WaitForExitAsync();
        if (install.ExitCode != 0) throw new InvalidOperationException($"npm's packages could not be installed: {errors}");
        return Path.Combine(root, "artifacts", "node", "node_modules");
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "PackRelay.sln"))
        ? folder
        : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("PackRelay.sln is in no folder above the tests."));
}
