using System.Text.RegularExpressions;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Solder.Import;

/// <summary>
/// Brings the modpacks, builds and mods of another Solder here. It may be broken off at any time and started again: builds that are here already are not asked for a second time. A
/// run that came to its end leaves nothing behind; the next one compares everything and changes what differs.
/// </summary>
internal sealed partial class SolderImport(ImportArguments arguments, RemoteSolder remote, ImportedRows rows, string game, TextWriter output)
{
    private int modpacks;

    private int builds;

    private int changed;

    private int problems;

    /// <summary>Runs to the end; 0, or 1 when something had to be left out.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (await rows.FindOwnerAsync(arguments.Owner, stop) is not { } owner)
        {
            await output.WriteLineAsync($"there is no account '{arguments.Owner}' to own the modpacks: give one with --owner that has signed in to this hub");
            return 2;
        }

        var listed = (await remote.ListModpacksAsync(withKey: false, stop)).ToHashSet(StringComparer.Ordinal);
        var slugs = remote.HasKey ? await remote.ListModpacksAsync(withKey: true, stop) : [.. listed];
        var seen = new HashSet<(string Name, string Version)>();
        for (var i = 0; i < slugs.Count; i++)
        {
            await output.WriteLineAsync($"modpack {i + 1}/{slugs.Count} {slugs[i]}");
            await ImportModpackAsync(slugs[i], listed.Contains(slugs[i]), owner, seen, stop);
        }

        var mods = await ImportModsAsync(seen, stop);
        if (!arguments.IsDryRun) await rows.FinishAsync(arguments.Url, stop);
        await output.WriteLineAsync($"{(arguments.IsDryRun ? "would import" : "imported")} {modpacks} modpacks, {builds} builds, {mods} versions of mods; {changed} {(arguments.IsDryRun ? "are new" : "changed")}, {problems} left out");
        return problems == 0 ? 0 : 1;
    }

    private async Task ImportModpackAsync(string slug, bool isListed, Caller owner, HashSet<(string Name, string Version)> seen, CancellationToken stop)
    {
        var open = isListed || remote.HasKey ? await remote.ReadModpackAsync(slug, withKey: false, stop) : null;
        if (await remote.ReadModpackAsync(slug, withKey: true, stop) is not { } found)
        {
            await LeaveOutAsync($"modpack {slug} is gone");
            return;
        }

        if (!Slug().IsMatch(found.Slug))
        {
            await LeaveOutAsync($"modpack {found.Slug}: a slug has 1 to 64 letters, digits, dashes and underscores here");
            return;
        }

        // Without the key a private modpack is not there at all, a hidden one only not listed.
        var name = found.Name.Length <= 200 ? found.Name : found.Name[..200];
        var wanted = new NewModpack(name, found.Slug, IsAddress(found.Url) ? found.Url : null, !isListed, open is null, 0, found.Recommended, found.Latest);
        var here = arguments.IsDryRun ? await rows.FindAsync(found.Slug, owner, stop) : await rows.WriteAsync(wanted, owner, game, stop);
        if (here is null ? !arguments.IsDryRun : here.OwnerId != owner.AccountId)
        {
            await LeaveOutAsync($"modpack {found.Slug}: the slug is another account's here");
            return;
        }

        modpacks++;
        var done = await rows.ListDoneAsync(arguments.Url, found.Slug, stop);
        foreach (var version in found.Builds) await ImportBuildAsync(found.Slug, version, open?.Builds.Contains(version, StringComparer.Ordinal) != true && open is not null, here, done.Contains(version), seen, stop);
    }

    private async Task ImportBuildAsync(
        string slug, string version, bool isPrivate, Modpack? here, bool isDone, HashSet<(string Name, string Version)> seen, CancellationToken stop)
    {
        if (!RemoteMod.IsSegment(version))
        {
            await LeaveOutAsync($"build {slug} {version}: no name for a build here");
            return;
        }

        if (isDone)
        {
            builds++;
            await output.WriteLineAsync($"  build {version}: imported before");
            return;
        }

        if (await remote.ReadBuildAsync(slug, version, stop) is not { } build)
        {
            await LeaveOutAsync($"build {slug} {version} is gone");
            return;
        }

        foreach (var mod in build.Mods)
        {
            if (mod.IsGood) seen.Add((mod.Name, mod.Version));
            else await LeaveOutAsync($"mod {mod.Name} {mod.Version} of build {slug} {version}: no name for a mod here");
        }

        var isNew = arguments.IsDryRun
            ? here?.Builds.Contains(version, StringComparer.Ordinal) != true
            : await rows.WriteAsync(arguments.Url, here!, version, build, isPrivate, stop);
        if (isNew is not { } isChanged)
        {
            await LeaveOutAsync($"build {slug} {version}: it is a signed version here");
            return;
        }

        builds++;
        if (isChanged) changed++;
        await output.WriteLineAsync($"  build {version}: {build.Mods.Count} mods, {(isChanged ? arguments.IsDryRun ? "new" : "changed" : "as it was")}");
    }

    /// <summary>Versions of mods that stand in no build, where the other side lists mods.</summary>
    private async Task<int> ImportModsAsync(HashSet<(string Name, string Version)> seen, CancellationToken stop)
    {
        var names = await remote.ListModsAsync(stop);
        for (var i = 0; i < names.Count; i++)
        {
            var mods = new List<RemoteMod>();
            await foreach (var mod in remote.ReadModAsync(names[i], stop))
                if (mod.IsGood && seen.Add((mod.Name, mod.Version))) mods.Add(mod);
            if (mods.Count > 0 && !arguments.IsDryRun && await rows.WriteAsync(mods, stop)) changed++;
            if ((i + 1) % 100 == 0) await output.WriteLineAsync($"mod {i + 1}/{names.Count}");
        }

        return seen.Count;
    }

    private Task LeaveOutAsync(string what)
    {
        problems++;
        return output.WriteLineAsync("left out: " + what);
    }

    private static bool IsAddress(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && url!.Length <= 2048;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Slug();
}
