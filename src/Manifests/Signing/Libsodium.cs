using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PackRelay.Manifests.Signing;

/// <summary>The functions of libsodium that manifests need. Call <see cref="EnsureReady"/> before any of them.</summary>
internal static partial class Libsodium
{
    private const string Library = "libsodium";

    /// <summary>The name under which Debian installs it without the development files, then the plain one of other systems.</summary>
    internal static readonly string[] Names = ["libsodium.so.23", "libsodium"];

    private static readonly Lazy<nint> Handle = new(Start);

    /// <summary>Loads and initialises the library, once per process; any thread may come first.</summary>
    /// <exception cref="DllNotFoundException">The library is not installed; the message says what to install.</exception>
    public static void EnsureReady() => _ = Handle.Value;

    /// <summary>The first library that can be loaded.</summary>
    internal static nint Load(IEnumerable<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, typeof(Libsodium).Assembly, searchPath: null, out var handle)) return handle;
        throw new DllNotFoundException("libsodium is not installed. On Debian and Ubuntu: apt-get install libsodium23");
    }

    private static nint Start()
    {
        var handle = Load(Names);
        NativeLibrary.SetDllImportResolver(typeof(Libsodium).Assembly, (name, _, _) => name is Library ? handle : 0);
        if (Init() < 0) throw new InvalidOperationException("libsodium could not be initialised.");
        return handle;
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int Sign(Span<byte> signature, nint signatureLength, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int SeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_is_valid_point")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int IsValidPoint(ReadOnlySpan<byte> point);
}
