namespace PackRelay.CatalogService.Access;

/// <summary>What an account is in the team of a pack; each role includes the ones before it.</summary>
internal enum PackRole
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>Publishes versions with keys of its own and writes their changelogs.</summary>
    Publisher,

    /// <summary>Changes everything but who owns the pack and who is in its team.</summary>
    Maintainer,

    /// <summary>Owns it.</summary>
    Owner,
}

/// <summary>What somebody wants to do with a pack that they see.</summary>
internal enum PackRight
{
    /// <summary>Publish versions: publishers, maintainers, the owner.</summary>
    Publish,

    /// <summary>Write the changelog of a version: the same, and admins.</summary>
    Changelog,

    /// <summary>Change its page, withdraw and restore versions: maintainers, the owner, admins.</summary>
    Change,

    /// <summary>Delete it, give it away, decide on its members: the owner, admins.</summary>
    Own,
}

/// <summary>Roles as the database and the API write them.</summary>
internal static class PackRoles
{
    public const string Publisher = "publisher";

    public const string Maintainer = "maintainer";

    public const string Owner = "owner";

    /// <summary>A role that members can have; else <see cref="PackRole.None"/>.</summary>
    public static PackRole Parse(string? role) => role switch
    {
        Publisher => PackRole.Publisher,
        Maintainer => PackRole.Maintainer,
        _ => PackRole.None,
    };
}
