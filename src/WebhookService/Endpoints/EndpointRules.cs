using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.WebhookService.Events;
using PackRelay.WebhookService.Targets;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>What a webhook may look like.</summary>
internal sealed partial class EndpointRules(TargetRules targets)
{
    private const int MostSlugs = 100;

    private const int LongestDescription = 500;

    /// <summary>Checks what an owner decided, and removes repetitions.</summary>
    public bool TryAccept(EndpointSettings wanted, [NotNullWhen(true)] out EndpointSettings? settings, [NotNullWhen(false)] out ApiError? error)
    {
        (settings, error) = (null, null);
        if (!targets.TryParse(wanted.Url, out _, out var problem)) error = ApiError.Invalid("url", problem);
        else if (wanted.Events.Length == 0) error = ApiError.Invalid("events", "at least one event, or \"*\" for all");
        else if (!Array.TrueForAll(wanted.Events, name => name == EventNames.Everything || EventNames.IsKnown(name)))
            error = ApiError.Invalid("events", "names of events, as docs/WEBHOOKS.md lists them, or \"*\" for all");
        else if (!AreSlugs(wanted.Packs)) error = ApiError.Invalid("packs", $"at most {MostSlugs} slugs of packs");
        else if (!AreSlugs(wanted.Servers)) error = ApiError.Invalid("servers", $"at most {MostSlugs} slugs of servers");
        else if (wanted.Description?.Length > LongestDescription) error = ApiError.Invalid("description", $"at most {LongestDescription} characters");
        if (error is not null) return false;

        settings = wanted with
        {
            Events = wanted.Events.Contains(EventNames.Everything) ? [EventNames.Everything] : [.. wanted.Events.Distinct()],
            Packs = [.. wanted.Packs.Distinct()],
            Servers = [.. wanted.Servers.Distinct()],
        };
        return true;
    }

    /// <summary>
    /// Whether a token that is restricted to some packs or servers may have to do with a webhook: only when the webhook tells no more than the token could read.
    /// </summary>
    public static bool Admits(Caller caller, EndpointSettings settings)
    {
        var tellsOfPacks = settings.Events.Any(name => EventNames.IsOfPacks(name) || name == EventNames.ServerPackAttached); // which publishers hear of as well
        var tellsOfServers = settings.Events.Any(EventNames.IsOfServers);
        return (caller.Packs is null || !tellsOfPacks || (settings.Packs.Length > 0 && Array.TrueForAll(settings.Packs, caller.MayTouchPack)))
            && (caller.Servers is null || !tellsOfServers || (settings.Servers.Length > 0 && Array.TrueForAll(settings.Servers, caller.MayTouchServer)));
    }

    private static bool AreSlugs(string[] slugs) => slugs.Length <= MostSlugs && Array.TrueForAll(slugs, slug => slug is not null && Slug().IsMatch(slug));

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Slug();
}
