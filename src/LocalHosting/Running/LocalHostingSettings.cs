using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace PackRelay.LocalHosting.Running;

/// <summary>Settings of local hosting itself, section <c>LocalHosting</c>.</summary>
/// <param name="DataDirectory">Where servers, logs and generated secrets are kept; full path.</param>
/// <param name="StatusPagePort">Loopback port of the status page; 0 takes a free one. Default 18888.</param>
internal sealed record LocalHostingSettings(string DataDirectory, int StatusPagePort)
{
    public const string DataDirectoryKey = "LocalHosting:DataDirectory";
    public const string StatusPagePortKey = "LocalHosting:StatusPage:Port";
    private const int DefaultStatusPagePort = 18_888;

    public static LocalHostingSettings From(IConfiguration configuration)
    {
        var port = configuration[StatusPagePortKey];
        if (!int.TryParse(port ?? $"{DefaultStatusPagePort}", NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > ushort.MaxValue)
            throw new AppHostException($"{StatusPagePortKey} is '{port}' but must be a port, 0 to {ushort.MaxValue}.");
        return new(configuration[DataDirectoryKey]!, number);
    }
}
