using System.Security.Cryptography;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Versions;
using PackRelay.Manifests.Rules;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>A zip in the blob store.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Md5">32 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
internal sealed record BuiltBundle(string Sha256, string Md5, long SizeBytes);

/// <summary>
/// Makes the zip of a version: its files and <c>_packrelay-manifest.json</c>, which is the manifest byte for byte as it was published; sorted by path, ordinally.
/// One manifest always gives the same bytes. The zip is written into the blob store while it is made.
/// </summary>
internal sealed class BundleBuilder(IBlobStore blobs)
{
    public async Task<BuiltBundle> BuildAsync(byte[] manifest, CancellationToken stop)
    {
#pragma warning disable CA5351 // launchers of Solder's dialect check downloads by MD5; nothing is kept safe by it
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var (sha256, sizeBytes) = await blobs.WriteZipAsync(Parts(manifest), md5, stop);
        return new BuiltBundle(sha256, Convert.ToHexStringLower(md5.GetHashAndReset()), sizeBytes);
    }

    private static IEnumerable<ZipPart> Parts(byte[] manifest) => ManifestFiles.Read(manifest)
        .Select(file => new ZipPart(new ZipEntry(file.Path, file.SizeBytes, file.Executable), file.Sha256))
        .Append(new ZipPart(new ZipEntry(ManifestPaths.Sidecar, manifest.Length, IsExecutable: false), "", manifest))
        .OrderBy(part => part.Entry.Path, StringComparer.Ordinal);
}
