namespace PackRelay.IdentityService.Sessions;

/// <summary>The cookie in which a browser keeps its session. Scripts cannot read it, and other sites cannot make a browser send it with a POST.</summary>
internal static class SessionCookie
{
    public const string Name = "packrelay_session";

    public static void Set(HttpContext context, string secret, TimeSpan maxAge) =>
        context.Response.Cookies.Append(Name, secret, Options(context, maxAge));

    public static void Remove(HttpContext context) => context.Response.Cookies.Append(Name, "", Options(context, TimeSpan.Zero));

    private static CookieOptions Options(HttpContext context, TimeSpan maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = maxAge,
        Secure = context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https", // set by the gateway, which sees the browser's connection
        IsEssential = true,
    };
}
