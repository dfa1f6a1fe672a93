using System.ComponentModel.DataAnnotations;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Section <c>Hub</c>: how the hub looks from outside.</summary>
public sealed class HubOptions
{
    /// <summary>Address of the gateway as clients know it, for absolute links in answers and webhooks; default <c>http://localhost:8080/</c>.</summary>
    [Required]
    public Uri PublicUrl { get; set; } = new("http://localhost:8080/");

    /// <summary>An absolute link to one of the hub's own paths.</summary>
    public string Link(string path) => new Uri(PublicUrl, path).ToString();
}
