using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.TelemetryService.Live;

/// <summary>The steps that must be atomic in Redis, each in its own .lua file.</summary>
internal static class LiveScripts
{
    public static RedisScript Stamp { get; } = Load("stamp");

    public static RedisScript Mark { get; } = Load("mark");

    public static RedisScript Silent { get; } = Load("silent");

    public static RedisScript Forget { get; } = Load("forget");

    public static RedisScript Lease { get; } = Load("lease");

    private static RedisScript Load(string name)
    {
        using var text = new StreamReader(typeof(LiveScripts).Assembly.GetManifestResourceStream($"{typeof(LiveScripts).Namespace}.{name}.lua")!);
        return new(text.ReadToEnd());
    }
}
