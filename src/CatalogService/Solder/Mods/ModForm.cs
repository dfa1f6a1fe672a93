using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>The fields of a mod.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="PrettyName">Its name for people.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Link">Its website.</param>
/// <param name="Notes">For those who manage mods.</param>
internal sealed record ModForm(string Name, string PrettyName, string? Author, string? Description, string? Link, string? Notes)
{
    public const int MostNotes = Fields.MaxDescriptionLength;

    /// <summary>A new mod.</summary>
    public static ModForm Read(SolderForm form) => new(
        form.Segment("name", required: true) ?? "", form.Line("pretty_name", required: true) ?? "", form.Line("author"), form.Text("description", most: MostNotes), form.Url("link"),
        form.Text("notes", most: MostNotes));

    /// <summary>A mod, changed by what was sent.</summary>
    public static ModForm Read(SolderForm form, ModRecord old) => new(
        (form.Has("name") ? form.Segment("name", required: true) : null) ?? old.Name,
        (form.Has("pretty_name") ? form.Line("pretty_name", required: true) : null) ?? old.PrettyName,
        form.Has("author") ? form.Line("author") : old.Author,
        form.Has("description") ? form.Text("description", most: MostNotes) : old.Description,
        form.Has("link") ? form.Url("link") : old.Link,
        form.Has("notes") ? form.Text("notes", most: MostNotes) : old.Notes);
}
