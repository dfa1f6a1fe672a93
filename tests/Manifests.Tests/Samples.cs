using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.Manifests.Reading;
using PackRelay.Manifests.Rules;
using PackRelay.Manifests.Signing;

namespace PackRelay.Manifests.Tests;

/// <summary>Manifests to start from, and the keys of the published test vector.</summary>
internal static class Samples
{
    public const string Sha = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

    /// <summary>The published vector, in its canonical form.</summary>
    public const string Vector =
        """{"displayName":"Vector “One” / 🦊","files":[{"path":"Mods/A/b.txt","sha256":"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03","size":6}],"game":"7d2d","gameVersion":"1.0","name":"vector-one","publishedAt":"2026-01-02T03:04:05Z","publisher":"Vectors","schemaVersion":1,"version":"1.0.0"}""";

    public const string VectorSignature =
        "f4640ebdad8e46b01a49d2c2277148dda6970c74fe4a0eaf7c4dd40913a33ba11c76b67f6feefe39fbe519e636ef05d5e946d2d8465c4c0917eeec29b02c0a01";

    public static readonly byte[] Seed = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();

    public static readonly KeyId Key = new("vectors", "main");

    public static JsonObject Object(int schemaVersion = 1)
    {
        var manifest = JsonNode.Parse(Vector)!.AsObject();
        manifest["schemaVersion"] = schemaVersion;
        manifest["signature"] = new JsonObject { ["algo"] = "ed25519", ["publicKeyId"] = "vectors/main", ["value"] = VectorSignature };
        return manifest;
    }

    public static JsonObject With(this JsonObject manifest, string member, JsonNode? value)
    {
        manifest[member] = value;
        return manifest;
    }

    public static JsonObject WithFiles(this JsonObject manifest, params string[] paths) =>
        manifest.With("files", new JsonArray(paths.Select(path => (JsonNode)File(path)).ToArray()));

    public static JsonObject File(string path, string sha256 = Sha, long size = 6) => new() { ["path"] = path, ["sha256"] = sha256, ["size"] = size };

    public static byte[] Utf8(this JsonObject manifest) => Encoding.UTF8.GetBytes(manifest.ToJsonString());

    public static ManifestReading Read(this JsonObject manifest) => ManifestReader.Read(manifest.Utf8(), ManifestLimits.Default);

    public static ManifestReading Read(string text) => ManifestReader.Read(Encoding.UTF8.GetBytes(text), ManifestLimits.Default);

    /// <summary>A signed manifest of many files, in an order that is not canonical.</summary>
    public static byte[] Large(int files)
    {
        var list = new JsonArray();
        for (var i = 0; i < files; i++)
        {
            var file = File(string.Create(CultureInfo.InvariantCulture, $"Mods/Some Modlet {i % 50}/Resources/Item Icons/icon-{i:D6}.png"), i.ToString("x64", CultureInfo.InvariantCulture), i);
            list.Add(file.With("executable", false));
        }
        Assert.True(ManifestSigner.TrySign(Object().With("files", list).Utf8(), Key, Seed, out var signed, out _));
        var reordered = new JsonObject();
        foreach (var (name, value) in JsonNode.Parse(signed)!.AsObject().Reverse()) reordered[name] = value?.DeepClone();
        return reordered.Utf8();
    }
}
