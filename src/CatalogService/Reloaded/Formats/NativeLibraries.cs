using System.Runtime.InteropServices;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>Finds the C libraries of the dialect: under the names that Debian installs without the development files, then under the plain ones of other systems.</summary>
internal static class NativeLibraries
{
    public const string Zstd = "libzstd";

    public const string Xxhash = "libxxhash";

    private static readonly Lazy<bool> Ready = new(Register);

    /// <summary>Before the first call into one of them; any thread may come first.</summary>
    /// <exception cref="DllNotFoundException">One is not installed; the message says what to install.</exception>
    public static void EnsureReady() => _ = Ready.Value;

    /// <summary>The first library that can be loaded.</summary>
    internal static nint Load(IEnumerable<string> names, string package)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, typeof(NativeLibraries).Assembly, searchPath: null, out var handle)) return handle;
        throw new DllNotFoundException($"A library is not installed. On Debian and Ubuntu: apt-get install {package}");
    }

    private static bool Register()
    {
        var zstd = Load(["libzstd.so.1", Zstd], "libzstd1");
        var xxhash = Load(["libxxhash.so.0", Xxhash], "libxxhash0");
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => name switch { Zstd => zstd, Xxhash => xxhash, _ => 0 });
        return true;
    }
}
