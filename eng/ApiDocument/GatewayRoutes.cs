using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace PackRelay.ApiDocument;

/// <summary>The paths that the gateway forwards, as its configuration lists them.</summary>
public sealed class GatewayRoutes
{
    private const string Pattern = "regex(";

    private readonly List<TemplateMatcher> templates;

    private GatewayRoutes(IEnumerable<string> paths) => templates = [.. paths.Select(path => new TemplateMatcher(TemplateParser.Parse(path), []))];

    /// <summary>Reads the routes of a gateway's settings.</summary>
    public static GatewayRoutes Read(string settings)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var routes = JsonNode.Parse(File.ReadAllText(settings), documentOptions: options)!["ReverseProxy"]!["Routes"]!.AsObject();
        return new GatewayRoutes(routes.Select(route => (string)route.Value!["Match"]!["Path"]!));
    }

    /// <summary>Whether requests for a path of the document reach a service.</summary>
    public bool Forwards(string path)
    {
        var example = path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        return templates.Exists(template => Matches(template, example));
    }

    /// <summary>The matcher leaves constraints to the router; the gateway's are regular expressions over one segment.</summary>
    private static bool Matches(TemplateMatcher matcher, string path)
    {
        var values = new RouteValueDictionary();
        return matcher.TryMatch(path, values) && matcher.Template.Parameters.All(parameter => parameter.InlineConstraints.All(constraint =>
            !constraint.Constraint.StartsWith(Pattern, StringComparison.Ordinal)
            || Regex.IsMatch((string?)values[parameter.Name!] ?? "", constraint.Constraint[Pattern.Length..^1], RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))));
    }
}
