namespace PackRelay.LocalHosting.Servers;

/// <summary>Where Debian and Ubuntu put the servers' programs, and which package is missing where there is none.</summary>
public static class DebianPackages
{
    /// <summary>Debian's name of the PostgreSQL package.</summary>
    public const string Postgres = "postgresql";

    /// <summary>Debian's name of the Redis package.</summary>
    public const string Redis = "redis-server";

    /// <summary>Debian's name of the RabbitMQ package.</summary>
    public const string RabbitMq = "rabbitmq-server";

    /// <summary>Debian's name of the InfluxDB package.</summary>
    public const string Influx = "influxdb";

    /// <summary>Of the given packages those whose programs are not on this machine.</summary>
    public static IReadOnlyList<string> Missing(params IEnumerable<string> packages) => [.. packages.Distinct(StringComparer.Ordinal).Where(package => Find(package) is null)];

    /// <summary>The command that installs the given packages.</summary>
    public static string InstallCommand(IEnumerable<string> packages) => $"sudo apt-get update && sudo apt-get install --yes --no-install-recommends {string.Join(' ', packages)}";

    /// <summary>Folder of the package's server programs.</summary>
    /// <exception cref="MissingPackageException">The package is not installed.</exception>
    internal static string Programs(string package) => Find(package) ?? throw new MissingPackageException(package);

    private static string? Find(string package) => package switch
    {
        Postgres => Newest("/usr/lib/postgresql", "*", "bin", "postgres"),
        RabbitMq => Newest("/usr/lib/rabbitmq/lib", "rabbitmq_server-*", "sbin", "rabbitmq-server"),
        Redis => OnPath("redis-server"),
        Influx => OnPath("influxd"),
        _ => throw new ArgumentOutOfRangeException(nameof(package), package, "not a package of a known server"),
    };

    private static string? Newest(string root, string pattern, string folder, string program) =>
        !Directory.Exists(root) ? null : Directory.GetDirectories(root, pattern)
            .OrderByDescending(directory => VersionOf(Path.GetFileName(directory)))
            .Select(directory => Path.Combine(directory, folder))
            .FirstOrDefault(directory => File.Exists(Path.Combine(directory, program)));

    private static Version VersionOf(string name)
    {
        var digits = name[(name.LastIndexOf('-') + 1)..];
        return Version.TryParse(digits.Contains('.') ? digits : digits + ".0", out var version) ? version : new Version();
    }

    // The system folders are named because a service manager's PATH may lack them.
    private static string? OnPath(string program) =>
        ((string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/bin", "/usr/sbin", "/usr/local/bin"])
            .FirstOrDefault(directory => File.Exists(Path.Combine(directory, program)));
}

/// <summary>A server cannot be started because its Debian package is not installed; the message names the command that installs it.</summary>
public sealed class MissingPackageException(string package)
    : Exception($"The Debian package {package} is not installed. Install it with: {DebianPackages.InstallCommand([package])}")
{
    /// <summary>Name of the package.</summary>
    public string Package { get; } = package;
}
