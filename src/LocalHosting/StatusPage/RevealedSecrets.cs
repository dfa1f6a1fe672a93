using PackRelay.LocalHosting.Variables;

namespace PackRelay.LocalHosting.StatusPage;

/// <summary>What the status page shows only when asked: the passwords that people type and the connection strings that tools want.</summary>
internal sealed class RevealedSecrets(IReadOnlyCollection<IResource> resources, Allocation allocation)
{
    internal sealed record Secret(string Name, string Value);

    // The servers' passwords are part of their connection strings; keys are between services and typed by nobody.
    public IReadOnlyList<Secret> Parameters =>
        [.. resources.OfType<ParameterResource>()
            .Where(parameter => parameter.Secret && !parameter.Name.EndsWith("-key", StringComparison.Ordinal) && !ServerPasswords.Contains(parameter))
            .Select(parameter => new Secret(parameter.Name, allocation.ValueOf(parameter)))];

    public IReadOnlyList<Secret> ConnectionStrings =>
        [.. resources.OfType<IResourceWithConnectionString>().Where(IsKnown).Select(resource => new Secret(resource.Name, Variables.ConnectionStrings.Of(resource, allocation)))];

    private IEnumerable<ParameterResource?> ServerPasswords => resources.Select(resource => resource switch
    {
        PostgresServerResource postgres => postgres.PasswordParameter,
        RedisResource redis => redis.PasswordParameter,
        RabbitMQServerResource broker => broker.PasswordParameter,
        _ => null,
    });

    // A server that is not started because all its databases are given from outside has a string that leads nowhere.
    private bool IsKnown(IResourceWithConnectionString resource) =>
        resource is not PostgresServerResource || allocation.ExternalConnectionStrings.ContainsKey(resource.Name)
        || resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == resource) is var databases
        && (!databases.Any() || databases.Any(database => !allocation.ExternalConnectionStrings.ContainsKey(database.Name)));
}
