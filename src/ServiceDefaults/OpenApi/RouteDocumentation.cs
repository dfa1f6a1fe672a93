using Microsoft.AspNetCore.Builder;
using PackRelay.ServiceDefaults.Http.Paging;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>Says of a route, for the API document, what its handler's signature does not: parameters that are read by hand, and bodies that are not JSON records.</summary>
public static class RouteDocumentation
{
    /// <summary>The route reads a query parameter.</summary>
    /// <param name="route">The route.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="description">What it does, in Markdown.</param>
    /// <param name="schema">Its JSON schema, as the document shows it; text when null.</param>
    /// <param name="required">Whether the route fails without it.</param>
    /// <param name="code">The code of 400 for a value out of its range; null when every value is taken.</param>
    public static TBuilder TakesQuery<TBuilder>(this TBuilder route, string name, string description, object? schema = null, bool required = false, string? code = null)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new QueryParameter(name, description, schema ?? new { type = "string" }, required, code));

    /// <summary>The route reads a query parameter that is one of some values.</summary>
    public static TBuilder TakesChoice<TBuilder>(this TBuilder route, string name, string description, IEnumerable<string> values, string? byDefault = null)
        where TBuilder : IEndpointConventionBuilder
    {
        var choices = values.Order(StringComparer.Ordinal).ToArray();
        object schema = byDefault is null ? new { type = "string", @enum = choices } : new { type = "string", @enum = choices, @default = byDefault };
        return route.TakesQuery(name, description, schema, code: "invalid_" + name);
    }

    /// <summary>The route answers with one page of a list (see <see cref="PageRequest"/>).</summary>
    /// <param name="route">The route.</param>
    /// <param name="byOffset">Whether it takes an offset as well as a cursor.</param>
    public static TBuilder TakesPage<TBuilder>(this TBuilder route, bool byOffset = true)
        where TBuilder : IEndpointConventionBuilder
    {
        route
            .TakesQuery(
                "limit", $"Most items to answer with; more than {PageRequest.MaxLimit} counts as {PageRequest.MaxLimit}.",
                new { type = "integer", minimum = 1, @default = PageRequest.DefaultLimit, examples = new[] { PageRequest.DefaultLimit } }, code: "invalid_limit")
            .TakesQuery("cursor", "`nextCursor` of the page before, unchanged, with the same filters and sort. It wins over `offset`.", code: "invalid_cursor");
        if (!byOffset) return route;
        return route.TakesQuery(
            "offset", "Items to skip, for those who cannot follow a cursor.", new { type = "integer", minimum = 0, maximum = PageRequest.MaxOffset }, code: "invalid_offset");
    }

    /// <summary>The route reads its body by itself.</summary>
    /// <param name="route">The route.</param>
    /// <param name="contentType">What the body is; <c>*/*</c> when anything is taken.</param>
    /// <param name="description">What is in it.</param>
    /// <param name="schema">Name of the body's schema; null for bytes.</param>
    public static TBuilder TakesBody<TBuilder>(this TBuilder route, string contentType, string description, string? schema = null)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RawBody(contentType, description, schema));

    /// <summary>The route writes an answer by itself.</summary>
    /// <param name="route">The route.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="description">What it says.</param>
    /// <param name="contentType">What its body is; null when there is none.</param>
    /// <param name="schema">Name of the body's schema, <c>Name[]</c> for a list, <c>A|B</c> for either; null for bytes.</param>
    /// <param name="headers">Names of headers that it carries, of those that the document describes.</param>
    public static TBuilder Answers<TBuilder>(
        this TBuilder route, int status, string description, string? contentType = null, string? schema = null, params string[] headers)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RawAnswer(status, description, contentType, schema, headers));

    /// <summary>The routes belong to a dialect: their errors have a schema of their own, and what they read and answer as JSON they also read and answer in other forms.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="errorSchema">Name of the schema of their errors.</param>
    /// <param name="contentTypes">The other forms; the bodies are the same.</param>
    public static TBuilder SpeaksDialect<TBuilder>(this TBuilder routes, string errorSchema, params string[] contentTypes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new Dialect(errorSchema, contentTypes));
}

/// <summary>How the bodies of a dialect's routes differ from the native ones.</summary>
internal sealed record Dialect(string ErrorSchema, string[] ContentTypes);

/// <summary>A query parameter that a handler reads by hand.</summary>
internal sealed record QueryParameter(string Name, string Description, object Schema, bool Required, string? Code);

/// <summary>A body that a handler reads by hand.</summary>
internal sealed record RawBody(string ContentType, string Description, string? Schema);

/// <summary>An answer that a handler writes by hand.</summary>
internal sealed record RawAnswer(int Status, string Description, string? ContentType, string? Schema, string[] Headers);
