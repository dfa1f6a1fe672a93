using System.Globalization;
using System.Text;
using System.Text.Json;
using PackRelay.Manifests.Rules;
using PackRelay.Manifests.Signing;

namespace PackRelay.Generator;

/// <summary>Writes manifests and signs them as a publisher's tool does.</summary>
internal static class SignedManifests
{
    /// <summary>Files that make a manifest about so many bytes long.</summary>
    public static int FilesFor(int sizeBytes, string slug) => Math.Max(1, (sizeBytes - 380) / (122 + slug.Length));

    /// <summary>A signed manifest over shared files.</summary>
    public static byte[] Sign(GeneratedPack pack, GeneratedVersion version)
    {
        var buffer = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 3);
            json.WriteString("name", pack.Slug);
            json.WriteString("displayName", pack.Name);
            json.WriteString("version", version.Version);
            json.WriteString("game", pack.Game);
            json.WriteString("gameVersion", "V 2.4");
            json.WriteString("publisher", pack.Owner.DisplayName);
            json.WriteString("publishedAt", PublishedAt(version));
            json.WriteStartArray("files");
            for (var i = 0; i < version.Blobs.Count; i++)
            {
                var (sha256, size) = GeneratedCatalog.Blob(version.Blobs[i]);
                json.WriteStartObject();
                json.WriteString("path", string.Create(CultureInfo.InvariantCulture, $"Mods/{pack.Slug}/part-{i:00000}.pak"));
                json.WriteString("sha256", sha256);
                json.WriteNumber("size", size);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var text = buffer.ToArray();
        if (!ManifestSigner.TrySign(text, KeyOf(pack.Owner), pack.Owner.Seed, out var signed, out var problem))
            throw new InvalidOperationException($"{pack.Slug} {version.Version}: {problem} in {Encoding.UTF8.GetString(text)}");
        return signed;
    }

    public static string PublishedAt(GeneratedVersion version) => version.AcceptedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static KeyId KeyOf(GeneratedPublisher owner) => new(owner.Username, "main");
}
