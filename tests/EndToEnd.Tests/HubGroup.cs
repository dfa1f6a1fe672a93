namespace PackRelay.EndToEnd.Tests;

/// <summary>One running hub for all end-to-end tests, which take turns: some of them kill parts of it.</summary>
[CollectionDefinition(Name)]
public sealed class HubGroup : ICollectionFixture<Hub>
{
    public const string Name = "hub";
}
