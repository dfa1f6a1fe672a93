namespace PackRelay.ServiceDefaults.Callers;

/// <summary>What an account may do; each role includes the ones before it. Written <c>player</c>, <c>server_owner</c>, <c>admin</c>.</summary>
public enum Role
{
    /// <summary>Browses, installs, marks favourites.</summary>
    Player,

    /// <summary>Publishes packs and runs servers.</summary>
    ServerOwner,

    /// <summary>Runs the hub.</summary>
    Admin,
}
