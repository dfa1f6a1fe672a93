using Amazon.Runtime;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Files;

/// <summary>An S3 store that refuses, breaks off or cannot be reached is an outage, not a bug: 503 <c>unavailable</c>.</summary>
internal sealed partial class StoreOutage(ILogger<StoreOutage> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            StoreFailed(error.GetType().Name, error.Message);
            return ApiError.Unavailable("the file store");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The file store failed: {Kind}: {Reason}")]
    private partial void StoreFailed(string kind, string reason);
}
