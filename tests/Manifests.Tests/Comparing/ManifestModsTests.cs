using System.Text;
using PackRelay.Manifests.Comparing;

namespace PackRelay.Manifests.Tests.Comparing;

public sealed class ManifestModsTests
{
    [Fact]
    public void Read_FoldersAndFilesBelowMods_AreMods()
    {
        var mods = Read("""
            { "sources": [{ "id": "n", "source": "nexus", "version": "2.1" }, { "id": "o", "source": "nexus", "version": "3" }, { "id": "g", "source": "github" }],
              "files": [
                { "path": "Mods/A/ModInfo.xml", "sha256": "a1", "size": 1, "sourceRef": "n" },
                { "path": "Mods/A/Config/b.xml", "sha256": "a2", "size": 1 },
                { "path": "mods/tool.jar", "sha256": "b1", "size": 1 },
                { "path": "Mods/Two/a", "sha256": "c1", "size": 1, "sourceRef": "n" },
                { "path": "Mods/Two/b", "sha256": "c2", "size": 1, "sourceRef": "o" },
                { "path": "Mods/Two/c", "sha256": "c3", "size": 1, "sourceRef": "n" },
                { "path": "Mods/G/a", "sha256": "d1", "size": 1, "sourceRef": "g" },
                { "path": "Data/Mods/no", "sha256": "e1", "size": 1 } ] }
            """);
        Assert.Equal(
            [new("A", "2.1", null, true), new("tool.jar", null, "b1", true), new("Two", null, null, true), new("G", null, null, true)],
            mods);
    }

    [Fact]
    public void Read_WhatPlayersAloneHaveOrMayLeaveOut_IsNotRequired()
    {
        var mods = Read("""
            { "files": [
                { "path": "Mods/Ui/a", "sha256": "1", "size": 1, "side": "client" },
                { "path": "Mods/Extra/a", "sha256": "2", "size": 1, "optional": true },
                { "path": "Mods/Half/a", "sha256": "3", "size": 1, "side": "client" },
                { "path": "Mods/Half/b", "sha256": "4", "size": 1, "side": "both" },
                { "path": "Mods/Server/a", "sha256": "5", "size": 1, "side": "server" } ] }
            """);
        Assert.Equal([("Ui", false), ("Extra", false), ("Half", true), ("Server", true)], mods.Select(mod => (mod.Name, mod.IsRequired)));
    }

    private static IReadOnlyList<ManifestMod> Read(string manifest) => ManifestMods.Read(Encoding.UTF8.GetBytes(manifest));
}
