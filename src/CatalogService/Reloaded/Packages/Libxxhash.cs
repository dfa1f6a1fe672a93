using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PackRelay.CatalogService.Reloaded.Formats;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>XXH3 with 64 bits and seed 0, by libxxhash (0.8 or newer, from which on its values are fixed).</summary>
internal static partial class Libxxhash
{
    public static ulong Xxh3(ReadOnlySpan<byte> content)
    {
        NativeLibraries.EnsureReady();
        return Xxh3(content, (nuint)content.Length);
    }

    [LibraryImport(NativeLibraries.Xxhash, EntryPoint = "XXH3_64bits")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial ulong Xxh3(ReadOnlySpan<byte> content, nuint sizeBytes);
}
