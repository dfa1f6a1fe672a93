using System.Text.Json.Serialization;

namespace PackRelay.CatalogService.Packs;

/// <summary>A pack's own page: what lists show of it, who works on it and which keys sign it. Every member is always present.</summary>
public sealed record PackPage : CatalogPack
{
    internal PackPage(CatalogPack pack)
        : base(pack)
    {
    }

    /// <summary><c>public</c>, <c>unlisted</c> or <c>private</c>.</summary>
    [JsonPropertyOrder(1)] // behind what lists show
    public required string Visibility { get; init; }

    /// <summary>The owner first, then at most 50 members in the order in which they came.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyList<TeamMember> Team { get; init; }

    /// <summary>The keys that have signed versions of the pack, the last used ones first; at most 100.</summary>
    [JsonPropertyOrder(3)]
    public required IReadOnlyList<PackKey> Keys { get; init; }
}

/// <summary>Somebody who works on a pack.</summary>
/// <param name="Username">The account's sign-in name, also the first half of its key ids.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Role"><c>owner</c>, <c>maintainer</c> or <c>publisher</c>.</param>
public sealed record TeamMember(string Username, string DisplayName, string Role);
