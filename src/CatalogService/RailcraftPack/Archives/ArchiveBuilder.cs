using System.Text;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.RailcraftPack.Tags;
using PackRelay.Manifests.Comparing;
using PackRelay.Manifests.Model;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>
/// Makes the zip that players get: the files of a version that are not for servers only, with the optional ones that they chose; or what of that an older version lacks. One request always gives the same bytes.
/// </summary>
internal sealed class ArchiveBuilder(IBlobStore blobs)
{
    /// <summary>Lists in a patch, one path a line, what is to be deleted before the patch is unpacked.</summary>
    public const string Deletions = "_packrelay-deleted.txt";

    /// <param name="target">Manifest of the wanted version.</param>
    /// <param name="source">Manifest of the version that is there; null for a whole archive.</param>
    /// <param name="optionalMods">Names of the optional mods that were chosen.</param>
    /// <param name="stop">Gives up.</param>
    public Task<(string Sha256, long SizeBytes)> BuildAsync(byte[] target, byte[]? source, IReadOnlyCollection<string> optionalMods, CancellationToken stop)
    {
        var files = ClientFiles.Read(target).FindAll(file => !file.Optional || optionalMods.Contains(ClientFiles.ChoiceOf(file), StringComparer.Ordinal));
        var parts = source is null ? Parts(files) : PatchParts(ClientFiles.Read(source), files);
        return blobs.WriteZipAsync(parts.OrderBy(part => part.Entry.Path, StringComparer.Ordinal), hash: null, stop);
    }

    private static IEnumerable<ZipPart> Parts(IEnumerable<ManifestFile> files) => files.Select(file => new ZipPart(new ZipEntry(file.Path, file.SizeBytes, file.Executable), file.Sha256));

    /// <summary>
    /// Nobody knows what the client chose when it installed the older version. So of that version only what everybody has is relied on: chosen optional files are always brought. And whatever it may have that
    /// is not wanted any more is deleted, also if it never had it.
    /// </summary>
    private static IEnumerable<ZipPart> PatchParts(List<ManifestFile> source, List<ManifestFile> target)
    {
        var diff = ManifestDiff.Compare(source.FindAll(file => !file.Optional), target);
        var wanted = target.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var deleted = source.Select(file => file.Path).Where(path => !wanted.Contains(path)).Order(StringComparer.Ordinal);
        var list = Encoding.UTF8.GetBytes(string.Concat(deleted.Select(path => path + "\n")));
        return Parts(diff.Added.Concat(diff.Changed)).Where(part => part.Entry.Path != Deletions).Append(new ZipPart(new ZipEntry(Deletions, list.Length, IsExecutable: false), "", list));
    }
}
