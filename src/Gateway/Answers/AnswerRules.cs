using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.Gateway.Answers;

/// <summary>
/// Which routes are kept, and what an answer is about: its tags. An answer goes when anything that it is about changes. Routes that are not named
/// here are never kept; of those that count (downloads) or belong to somebody (members, drafts, everything below /me) none may be.
/// </summary>
internal static class AnswerRules
{
    private const string Base = "/api/v1/";

    private static readonly AnswerRule List = new(Audience.Everybody, IsList: true, IgnoresQuery: false, MayBeKeptByClients: true);
    private static readonly AnswerRule Page = new(Audience.Anonymous, IsList: true, IgnoresQuery: false, MayBeKeptByClients: true);
    private static readonly AnswerRule Manifest = new(Audience.AsMarked, IsList: false, IgnoresQuery: true, MayBeKeptByClients: false);
    private static readonly AnswerRule ServerManifest = new(Audience.AsMarked, IsList: true, IgnoresQuery: true, MayBeKeptByClients: false);
    private static readonly AnswerRule Key = new(Audience.Everybody, IsList: false, IgnoresQuery: true, MayBeKeptByClients: false);
    private static readonly AnswerRule Everything = new(Audience.Everybody, IsList: true, IgnoresQuery: true, MayBeKeptByClients: true);
    // Kept for long: each change of the catalog evicts them. Of credentials in the query the gateway has spoken before: who has good ones is not anonymous.
    private static readonly AnswerRule SolderList = new(Audience.Anonymous, IsList: false, IgnoresQuery: true, MayBeKeptByClients: false, Include: "full");
    private static readonly AnswerRule SolderPack = new(Audience.Anonymous, IsList: false, IgnoresQuery: true, MayBeKeptByClients: false);
    private static readonly AnswerRule SolderBuild = new(Audience.Anonymous, IsList: false, IgnoresQuery: true, MayBeKeptByClients: false, Include: "mods");
    private static readonly AnswerRule Framework = new(Audience.Everybody, IsList: true, IgnoresQuery: false, MayBeKeptByClients: true);

    /// <summary>The rule for reading a path, decoded except for %2F; false for routes that are not kept.</summary>
    public static bool TryFind(string path, [NotNullWhen(true)] out AnswerRule? rule, out Tags tags)
    {
        (rule, tags) = Segments(path) switch
        {
            ["packs"] => (List, new(AnswerTag.Packs)),
            ["packs", var slug] => (Page, AnswerTag.Pack(slug)),
            ["packs", var slug, "versions" or "diff"] => (Page, AnswerTag.Pack(slug)),
            ["packs", var slug, "versions", _] => (Page, AnswerTag.Pack(slug)),
            ["packs", var slug, "manifest"] => (Manifest, AnswerTag.Pack(slug)),
            ["packs", var slug, "manifest", _] => (Manifest, AnswerTag.Pack(slug)),
            ["servers"] => (Page, new(AnswerTag.Servers)),
            ["servers", var slug] => (Page, new(AnswerTag.Server(slug), AnswerTag.Servers)),
            ["servers", var slug, "uptime"] => (Everything, new(AnswerTag.Server(slug), AnswerTag.Servers)),
            ["servers", var slug, "badge.svg" or "players.svg"] => (Everything, new(AnswerTag.Server(slug), AnswerTag.Servers)),
            ["packs", var slug, "badge.svg"] => (Page, AnswerTag.Pack(slug)),
            ["stats"] => (Everything, new(AnswerTag.Stats)),
            ["servers", var slug, "manifest"] => (ServerManifest, new(AnswerTag.Server(slug), AnswerTag.Servers)),
            ["keys", var id] => (Key, AnswerTag.Key(id)),
            ["keys", var publisher, var name] => (Key, AnswerTag.Key($"{publisher}/{name}")),
            ["frameworks", ..] => (Framework, AnswerTag.Frameworks),
            _ => FindSolder(SolderSegments(path)),
        };
        return rule is not null;
    }

    private static (AnswerRule? Rule, Tags Tags) FindSolder(string[] path) => path switch
    {
        ["modpack"] => (SolderList, new(AnswerTag.Packs)),
        ["modpack", var slug] => (SolderPack, AnswerTag.Pack(slug)),
        ["modpack", var slug, _] => (SolderBuild, new(AnswerTag.Pack(slug), AnswerTag.SolderBuilds)),
        ["mod"] or ["mod", _] or ["mod", _, _] => (SolderPack, AnswerTag.SolderMods),
        _ => ((AnswerRule?)null, default(Tags)),
    };

    /// <summary>What may be different after a successful change through this path. Routes are found in either case; names are in lower case all of them.</summary>
    public static IEnumerable<string> Changed(string path) => Segments(path.ToLowerInvariant()) is { Length: > 0 } segments ? Changed(segments) : SolderSegments(path.ToLowerInvariant()) switch
    {
        ["modpack", var slug, ..] => [AnswerTag.Pack(slug), AnswerTag.Packs, AnswerTag.Servers],
        ["modpack"] => [AnswerTag.Packs],
        ["mod", ..] => [AnswerTag.SolderMods, AnswerTag.SolderBuilds],
        _ => [],
    };

    private static IEnumerable<string> Changed(string[] path) => path switch
    {
        ["packs", var slug, ..] => [AnswerTag.Pack(slug), AnswerTag.Packs, AnswerTag.Servers],
        ["packs"] => [AnswerTag.Packs],
        ["servers", _, "heartbeat"] => [], // thousands a second; the lists live for a second anyway
        ["servers", var slug, ..] => [AnswerTag.Server(slug), AnswerTag.Servers],
        ["servers"] => [AnswerTag.Servers],
        ["keys", var id] => [AnswerTag.Key(id)],
        ["keys", var publisher, var name] => [AnswerTag.Key($"{publisher}/{name}")],
        ["frameworks", ..] => [AnswerTag.Frameworks],
        _ => [],
    };

    private static string[] SolderSegments(string path) => SolderRoutes.Contains(path) && path.Length > 5 ? path[5..].TrimEnd('/').Split('/') : [];

    private static string[] Segments(string path) => path.StartsWith(Base, StringComparison.OrdinalIgnoreCase)
        ? path[Base.Length..].TrimEnd('/').Split('/')
        : [];

    /// <summary>What an answer is about: one thing or two.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Tags(string First, string? Second = null)
    {
        public static implicit operator Tags(string tag) => new(tag);
    }
}
