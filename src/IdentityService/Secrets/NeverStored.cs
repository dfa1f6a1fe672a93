namespace PackRelay.IdentityService.Secrets;

/// <summary>Answers of this service are about one person, or are secrets: no browser and no proxy may keep them.</summary>
internal static class NeverStored
{
    /// <summary>Adds <c>Cache-Control: no-store</c> to every answer of these endpoints.</summary>
    public static TBuilder NeverStore<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilter(static (invocation, next) =>
        {
            invocation.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(invocation);
        });
}
