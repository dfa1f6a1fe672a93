using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace PackRelay.Archives;

/// <summary>What the blob folder asks of the program it runs in.</summary>
internal sealed class BlobHost : IHostEnvironment
{
    public string EnvironmentName { get; set; } = Environments.Production;

    public string ApplicationName { get; set; } = "Archives";

    public string ContentRootPath { get; set; } = Path.GetTempPath();

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
