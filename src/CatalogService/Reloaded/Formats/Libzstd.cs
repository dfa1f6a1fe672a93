using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>The functions of libzstd (streaming API, stable since 1.4) that the dialect needs. Sizes that are errors are told by <see cref="IsError"/>.</summary>
internal static partial class Libzstd
{
    public const int CompressionLevel = 100; // ZSTD_c_compressionLevel
    public const int WindowLogMax = 100; // ZSTD_d_windowLogMax
    public const int End = 2; // ZSTD_e_end
    public const int ResetSession = 1; // ZSTD_reset_session_only

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_createCCtx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial CompressionContext CreateCompression();

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_freeCCtx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint FreeCompression(nint context);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_CCtx_reset")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint Reset(CompressionContext context, int what);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_CCtx_setParameter")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint SetParameter(CompressionContext context, int parameter, int value);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_CCtx_setPledgedSrcSize")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint SetSourceSize(CompressionContext context, ulong size);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_compressStream2")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static unsafe partial nuint Compress(CompressionContext context, Buffer* output, Buffer* input, int directive);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_createDCtx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial DecompressionContext CreateDecompression();

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_freeDCtx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint FreeDecompression(nint context);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_DCtx_reset")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint Reset(DecompressionContext context, int what);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_DCtx_setParameter")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint SetParameter(DecompressionContext context, int parameter, int value);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_decompressStream")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static unsafe partial nuint Decompress(DecompressionContext context, Buffer* output, Buffer* input);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_sizeof_DCtx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint SizeOf(DecompressionContext context);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_sizeof_CCtx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint SizeOf(CompressionContext context);

    [LibraryImport(NativeLibraries.Zstd, EntryPoint = "ZSTD_isError")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial uint IsErrorCode(nuint code);

    public static bool IsError(nuint code) => IsErrorCode(code) != 0;

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which are laid out alike.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>A ZSTD_CCtx; one thread at a time.</summary>
    public sealed class CompressionContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => FreeCompression(handle) == 0;
    }

    /// <summary>A ZSTD_DCtx; one thread at a time.</summary>
    public sealed class DecompressionContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => FreeDecompression(handle) == 0;
    }
}
