namespace PackRelay.LocalHosting.Servers;

/// <summary>PostgreSQL refuses to run as root. When we are root, its programs run as the system user that Debian's package creates; else as ourselves.</summary>
internal static class PostgresUser
{
    public const string Name = "postgres";

    public static bool IsNeeded => Environment.IsPrivilegedProcess;

    public static (string Program, IReadOnlyList<string> Arguments) Command(string program, params IReadOnlyList<string> arguments) =>
        IsNeeded ? ("setpriv", [$"--reuid={Name}", $"--regid={Name}", "--init-groups", program, .. arguments]) : (program, arguments);
}
