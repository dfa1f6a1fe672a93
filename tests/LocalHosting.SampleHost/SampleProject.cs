namespace PackRelay.LocalHosting.SampleHost;

internal sealed class SampleProject : IProjectMetadata, IBuiltProject
{
    public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "Sample.csproj");

    public string AssemblyPath => typeof(SampleProject).Assembly.Location;
}
