namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>Marks the operations of the Solder dialect: their errors have its envelope, and no codes.</summary>
internal sealed record SolderOperation;
