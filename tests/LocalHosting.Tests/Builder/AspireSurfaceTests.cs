using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PackRelay.LocalHosting.Tests.Builder;

/// <summary>
/// Aspire's packages are not at hand where this is built, so Program.cs cannot be compiled against them here. Instead, our whole public set of builder calls is
/// compared with their signatures in 13.1: class, name, parameter names, types, defaults and constraints, which is what a call compiles against.
/// </summary>
public sealed class AspireSurfaceTests
{
    [Fact]
    public async Task BuilderCalls_AllPublicOnes_HaveAspiresSignatures()
    {
        var expected = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Builder", "aspire-13.1.txt"));

        var actual = typeof(DistributedApplication).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute)))
            .Select(Signature);

        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Resources_CovariantBuilders_FitEveryOverload()
    {
        Assert.True(typeof(IResourceBuilder<IResource>).IsAssignableFrom(typeof(IResourceBuilder<ProjectResource>)));
        Assert.True(typeof(IResourceBuilder<IResourceWithConnectionString>).IsAssignableFrom(typeof(IResourceBuilder<PostgresDatabaseResource>)));
        Assert.True(typeof(IResourceBuilder<IResourceWithServiceDiscovery>).IsAssignableFrom(typeof(IResourceBuilder<ProjectResource>)));
        Assert.True(typeof(IResourceWithParent<PostgresServerResource>).IsAssignableFrom(typeof(PostgresDatabaseResource)));
        foreach (var kind in (Type[])[typeof(PostgresServerResource), typeof(RedisResource), typeof(RabbitMQServerResource)])
            Assert.True(typeof(ContainerResource).IsAssignableFrom(kind));
    }

    private static string Signature(MethodInfo method)
    {
        var generics = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        var parameters = method.GetParameters().Select((parameter, index) =>
            $"{(index == 0 ? "this " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Convert.ToString(parameter.DefaultValue, CultureInfo.InvariantCulture) switch { null or "" => "null", var value => value }}" : "")}");
        var constraints = method.GetGenericArguments().Select(argument =>
            $" where {argument.Name} : {string.Join(", ", argument.GetGenericParameterConstraints().Select(Name).Concat(argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? ["new()"] : []))}");
        return $"{method.DeclaringType!.Name}: {Name(method.ReturnType)} {method.Name}{generics}({string.Join(", ", parameters)}){string.Concat(constraints)}";
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        return type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
    }
}
