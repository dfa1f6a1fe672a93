namespace PackRelay.WebhookService.Deliveries;

/// <summary>The statements that are files of their own.</summary>
internal static class DeliveryScripts
{
    public static readonly string Claim = Read("Claim.sql");

    public static readonly string Record = Read("Record.sql");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(DeliveryScripts).Assembly.GetManifestResourceStream(typeof(DeliveryScripts), name)!);
        return reader.ReadToEnd();
    }
}
