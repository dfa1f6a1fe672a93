using System.Globalization;

namespace PackRelay.LocalHosting.Variables;

/// <summary>
/// From the diagram to the environment variables of one process. Pure: the same diagram and allocation always give the same variables.
/// Later layers win: inherited, telemetry, the project's defaults, its launch profile, then references and variables in the order of the builder calls.
/// </summary>
internal static class ProjectVariables
{
    // Meant for the AppHost alone. Connection strings and parameters reach only those who refer to them.
    private static readonly string[] NotInherited =
        ["ConnectionStrings__", "Parameters__", "services__", "LocalHosting__", "ASPNETCORE_", "DOTNET_LAUNCH_PROFILE", "PACKRELAY_STARTED_BY"];

    public static Dictionary<string, string> Of(
        ProjectResource project, int replica, string instanceId, Allocation allocation, OtlpExport otlp, IReadOnlyDictionary<string, string> inherited)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in inherited.Where(pair => !NotInherited.Any(prefix => pair.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))))
            variables[name] = value;
        foreach (var (name, value) in otlp.Variables(project.Name, instanceId).Concat(Defaults(project, replica, allocation)))
            variables[name] = value;
        foreach (var annotation in project.Annotations)
        {
            foreach (var (name, value) in annotation switch
            {
                ReferenceAnnotation reference => Reference(reference, allocation),
                EnvironmentAnnotation variable => [(variable.Name, Value(variable, allocation))],
                _ => [],
            })
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    private static IEnumerable<(string Name, string Value)> Defaults(ProjectResource project, int replica, Allocation allocation)
    {
        yield return ("LOGGING__CONSOLE__FORMATTERNAME", "simple");
        yield return ("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true");
        if (project.Last<LaunchProfileAnnotation>()?.Profile is { } profile)
        {
            yield return ("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (name, value) in profile.EnvironmentVariables)
                yield return (name, value);
        }

        var endpoints = project.All<EndpointAnnotation>().Select(endpoint => (endpoint.Scheme, endpoint.PortVariable, Url: allocation.AddressesOf(project, endpoint.Name)[replica])).ToList();
        if (endpoints.Count > 0)
            yield return ("ASPNETCORE_URLS", string.Join(';', endpoints.Select(endpoint => Text(endpoint.Url))));
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Scheme is "https").Take(1))
            yield return ("ASPNETCORE_HTTPS_PORT", Port(endpoint.Url));
        foreach (var endpoint in endpoints)
        {
            if (endpoint.PortVariable is { } variable)
                yield return (variable, Port(endpoint.Url));
        }

        static string Port(Uri url) => url.Port.ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(string Name, string Value)> Reference(ReferenceAnnotation reference, Allocation allocation)
    {
        if (reference.Source is IResourceWithConnectionString source)
        {
            var name = reference.ConnectionName ?? source.Name;
            yield return ($"ConnectionStrings__{name}", ConnectionStrings.Of(source, allocation));
            foreach (var (property, value) in ConnectionStrings.PropertiesOf(source, allocation))
                yield return ($"{VariableName.Encode(name)}_{property}".ToUpperInvariant(), value);
            yield break;
        }

        foreach (var endpoint in reference.Source.All<EndpointAnnotation>().Where(endpoint => reference.EndpointName is null || Same(endpoint.Name, reference.EndpointName)))
        {
            // There is no proxy in between: every replica is listed, and the plain name gives the first.
            var addresses = allocation.AddressesOf(reference.Source, endpoint.Name);
            for (var i = 0; i < addresses.Count; i++)
                yield return ($"services__{reference.Source.Name}__{endpoint.Name}__{i}", Text(addresses[i]));
            yield return ($"{VariableName.Encode(reference.Source.Name)}_{VariableName.Encode(endpoint.Name)}".ToUpperInvariant(), Text(addresses[0]));
        }
    }

    private static string Value(EnvironmentAnnotation variable, Allocation allocation) => variable switch
    {
        { Parameter: { } parameter } => allocation.ValueOf(parameter),
        { Endpoint: { } endpoint } => Text(allocation.AddressesOf(endpoint.Resource, endpoint.EndpointName)[0]),
        _ => variable.Value ?? "",
    };

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
