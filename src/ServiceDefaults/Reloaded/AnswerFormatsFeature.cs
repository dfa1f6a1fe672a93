using Microsoft.Extensions.DependencyInjection;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>Registers what answers of the Reloaded-III dialect need, whoever gives them.</summary>
internal static class AnswerFormatsFeature
{
    /// <summary><see cref="AnswerFormats"/>, <see cref="MessagePackForm"/> and <see cref="NegotiatedErrors"/>.</summary>
    public static IServiceCollection AddAnswerFormats(this IServiceCollection services)
    {
        services.AddOptions<AnswerFormatOptions>().BindConfiguration("Reloaded").ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<AnswerFormats>().AddSingleton<MessagePackForm>().AddSingleton<NegotiatedErrors>();
    }
}
