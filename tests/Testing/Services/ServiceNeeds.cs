namespace PackRelay.Testing.Services;

/// <summary>What a service is given for its tests; nothing is started that is not asked for.</summary>
public sealed record ServiceNeeds
{
    /// <summary>Name of the connection string of a fresh Postgres database, such as <c>catalogdb</c>; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>Give it an empty Redis database as <c>cache</c>.</summary>
    public bool Redis { get; init; }

    /// <summary>Give it a fresh virtual host of RabbitMQ as <c>messaging</c>.</summary>
    public bool Messaging { get; init; }

    /// <summary>Give it a fresh InfluxDB database: the service <c>influxdb</c>, and its login in section <c>Influx</c>.</summary>
    public bool Influx { get; init; }

    /// <summary>Check every exchange with it against its part of the API document.</summary>
    public bool Contract { get; init; }

    /// <summary>Replace its clock by <see cref="ServiceFixture{TProgram}.Clock"/>, which stands still until a test moves it.</summary>
    public bool SteppedClock { get; init; }
}
