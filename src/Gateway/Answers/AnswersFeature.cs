using PackRelay.Gateway.Answers;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the memory for public answers.</summary>
internal static class AnswersFeature
{
    public static void AddAnswerCache(this IServiceCollection services)
    {
        services.AddOptions<AnswerCacheOptions>().BindConfiguration("Gateway:Cache").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AnswerMetrics>().AddSingleton<AnswerStore>().AddSingleton<AnswerReading>();
    }

    /// <summary>Answers from memory what can be; before the routing.</summary>
    public static void UseAnswersInMemory(this WebApplication app) => app.UseMiddleware<ServeFromMemory>();
}
