namespace PackRelay.Gateway.Answers;

/// <summary>Names of what answers are about.</summary>
internal static class AnswerTag
{
    /// <summary>Every list of packs.</summary>
    public const string Packs = "packs";

    /// <summary>Every list of servers, and every server's page: they show names and versions of packs.</summary>
    public const string Servers = "servers";

    /// <summary>Frameworks.</summary>
    public const string Frameworks = "frameworks";

    /// <summary>What is told of the whole hub.</summary>
    public const string Stats = "stats";

    /// <summary>What the Solder dialect tells of mods.</summary>
    public const string SolderMods = "solder mods";

    /// <summary>The builds of the Solder dialect, all of them: a mod stands in many.</summary>
    public const string SolderBuilds = "solder builds";

    /// <summary>One pack, in whatever case its slug was asked for: the Solder dialect has capitals in some.</summary>
    public static string Pack(string slug) => "pack " + slug.ToLowerInvariant();

    public static string Server(string slug) => "server " + slug;

    public static string Key(string keyId) => "key " + keyId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
