using System.Diagnostics;
using System.Text;

namespace PackRelay.EndToEnd.Tests;

/// <summary>An implementation that shares no line with ours: JavaScript's own JSON and Node's own Ed25519.</summary>
internal static class NodeCrypto
{
    private const string Script = """
        const { createPublicKey, verify } = require("crypto");
        const canonical = value =>
          Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
          : value && typeof value === "object" ? `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`
          : JSON.stringify(value);
        const { signature, ...manifest } = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const key = createPublicKey({ format: "der", type: "spki", key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(process.argv[1], "base64")]) });
        console.log(verify(null, Buffer.from(canonical(manifest)), key, Buffer.from(signature.value, "hex")));
        """;

    public static async Task<bool> VerifyManifestAsync(byte[] manifest, string publicKeyBase64)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Script, publicKeyBase64]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false) })!;
        await node.StandardInput.BaseStream.WriteAsync(manifest);
        node.StandardInput.Close();
        return (await node.StandardOutput.ReadToEndAsync()).Trim() == "true";
    }
}
