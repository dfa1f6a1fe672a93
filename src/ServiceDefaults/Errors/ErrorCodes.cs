namespace PackRelay.ServiceDefaults.Errors;

/// <summary>Codes that any native route may answer with. Codes of one feature stand with it; docs/API.md has the closed list.</summary>
public static class ErrorCodes
{
    /// <summary>401: the route needs credentials and there were none.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>401: the API token is unknown, expired or revoked.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>403: the credentials are good, but not for this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>403: the account's role does not reach.</summary>
    public const string RoleRequired = "role_required";

    /// <summary>403: the token lacks the scope.</summary>
    public const string ScopeRequired = "scope_required";

    /// <summary>403: the thing belongs to another account.</summary>
    public const string NotOwner = "not_owner";

    /// <summary>404: no such route or thing.</summary>
    public const string NotFound = "not_found";

    /// <summary>405: the route exists, with another method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>413: the body is over the route's limit.</summary>
    public const string TooLarge = "too_large";

    /// <summary>415: the body's Content-Type is not one the route reads.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>400: the body is not strict JSON of the route's shape.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>400: the request breaks HTTP itself.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>429: too many requests; Retry-After says when to come back.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>500: a bug of ours; it is in the log under the answer's trace id.</summary>
    public const string InternalError = "internal_error";

    /// <summary>502: a service answered with something that is not HTTP, or broke off.</summary>
    public const string BadGateway = "bad_gateway";

    /// <summary>503: a part of the hub is away for the moment; Retry-After says when to try again.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>504: a service did not answer in time.</summary>
    public const string Timeout = "timeout";
}
