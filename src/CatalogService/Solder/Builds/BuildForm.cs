using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>The fields of a build.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Minecraft">The version of Minecraft.</param>
/// <param name="Forge">The version of Forge.</param>
/// <param name="IsPublished">Whether launchers see it.</param>
/// <param name="IsPrivate">Whether only those with access to the modpack see it.</param>
/// <param name="MinJava">The oldest version of Java.</param>
/// <param name="MinMemory">Least memory in MiB.</param>
internal sealed record BuildForm(string Version, string Minecraft, string? Forge, bool IsPublished, bool IsPrivate, string? MinJava, long? MinMemory)
{
    private const int MostMemory = 1_048_576; // a TiB

    /// <summary>A new build.</summary>
    public static BuildForm Read(SolderForm form) => new(
        form.Segment("version", required: true) ?? "", form.Line("minecraft", required: true) ?? "", form.Line("forge"), form.Flag("is_published") ?? false, form.Flag("private") ?? false,
        form.Line("min_java"), form.Whole("min_memory", most: MostMemory));

    /// <summary>A build, changed by what was sent.</summary>
    public static BuildForm Read(SolderForm form, BuildRecord old) => new(
        (form.Has("version") ? form.Segment("version", required: true) : null) ?? old.Version,
        (form.Has("minecraft") ? form.Line("minecraft", required: true) : null) ?? old.Minecraft,
        form.Has("forge") ? form.Line("forge") : old.Forge,
        form.Flag("is_published") ?? old.IsPublished,
        form.Flag("private") ?? old.Private,
        form.Has("min_java") ? form.Line("min_java") : old.MinJava,
        form.Has("min_memory") ? form.Whole("min_memory", most: MostMemory) : old.MinMemory);
}
