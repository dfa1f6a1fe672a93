using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace PackRelay.Testing.Services;

/// <summary>Runs the service's own Program in this process, on Kestrel and a free port, because its limits are part of what is tested.</summary>
internal sealed class ServiceHost<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    private readonly IReadOnlyDictionary<string, string?> settings;
    private readonly Action<IServiceCollection> replaceServices;

    public ServiceHost(IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> replaceServices)
    {
        this.settings = settings;
        this.replaceServices = replaceServices;
        UseKestrel(0);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseContentRoot(AppContext.BaseDirectory); // the service's appsettings files have been copied here
        foreach (var (key, value) in settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(replaceServices);
    }
}
