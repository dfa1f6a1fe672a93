using System.Globalization;

namespace PackRelay.LocalHosting.Variables;

/// <summary>Connection strings and their single parts, in the formats that Aspire uses.</summary>
internal static class ConnectionStrings
{
    private const string Host = "localhost";

    /// <summary>The connection string: given from outside, or that of the server which is started here.</summary>
    public static string Of(IResourceWithConnectionString resource, Allocation allocation)
    {
        if (allocation.ExternalConnectionStrings.TryGetValue(resource.Name, out var given))
            return given;
        return resource switch
        {
            PostgresServerResource server => $"Host={Host};Port={Port(server, allocation)};Username={User(server, allocation)};Password={allocation.ValueOf(server.PasswordParameter)}",
            PostgresDatabaseResource database => $"{Of(database.Parent, allocation)};Database={database.DatabaseName}",
            RedisResource redis => $"{Host}:{Port(redis, allocation)},password={allocation.ValueOf(redis.PasswordParameter)}",
            RabbitMQServerResource broker => RabbitUri(broker, allocation),
            _ => throw new NotSupportedException($"The resource '{resource.Name}' has no connection string that is known here."),
        };
    }

    /// <summary>The single parts by name, in Aspire's order; empty for what is given from outside, because only the string is known then.</summary>
    public static IReadOnlyList<(string Name, string Value)> PropertiesOf(IResourceWithConnectionString resource, Allocation allocation)
    {
        if (allocation.ExternalConnectionStrings.ContainsKey(resource.Name))
            return [];
        switch (resource)
        {
            case PostgresServerResource server:
                return Postgres(server, allocation, path: "");
            case PostgresDatabaseResource database when allocation.ExternalConnectionStrings.ContainsKey(database.Parent.Name):
                return [];
            case PostgresDatabaseResource database:
                return [.. Postgres(database.Parent, allocation, "/" + Uri.EscapeDataString(database.DatabaseName)), ("DatabaseName", database.DatabaseName)];
            case RedisResource redis:
                var password = allocation.ValueOf(redis.PasswordParameter);
                return [("Host", Host), ("Port", Port(redis, allocation)), ("Password", password), ("Uri", $"redis://:{Uri.EscapeDataString(password)}@{Host}:{Port(redis, allocation)}")];
            case RabbitMQServerResource broker:
                return
                [
                    ("Host", Host), ("Port", Port(broker, allocation)), ("Username", User(broker, allocation)),
                    ("Password", allocation.ValueOf(broker.PasswordParameter)), ("Uri", RabbitUri(broker, allocation)),
                ];
            default:
                return [];
        }
    }

    public static string User(PostgresServerResource server, Allocation allocation) => server.UserNameParameter is { } parameter ? allocation.ValueOf(parameter) : "postgres";

    public static string User(RabbitMQServerResource broker, Allocation allocation) => broker.UserNameParameter is { } parameter ? allocation.ValueOf(parameter) : "guest";

    private static (string Name, string Value)[] Postgres(PostgresServerResource server, Allocation allocation, string path)
    {
        var (port, user, password) = (Port(server, allocation), User(server, allocation), allocation.ValueOf(server.PasswordParameter));
        return
        [
            ("Host", Host), ("Port", port), ("Username", user), ("Password", password),
            ("Uri", $"postgresql://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@{Host}:{port}{path}"),
            ("JdbcConnectionString", $"jdbc:postgresql://{Host}:{port}{path}"),
        ];
    }

    private static string RabbitUri(RabbitMQServerResource broker, Allocation allocation) =>
        $"amqp://{Uri.EscapeDataString(User(broker, allocation))}:{Uri.EscapeDataString(allocation.ValueOf(broker.PasswordParameter))}@{Host}:{Port(broker, allocation)}";

    private static string Port(IResource resource, Allocation allocation) => allocation.PortOf(resource, "tcp").ToString(CultureInfo.InvariantCulture);
}
