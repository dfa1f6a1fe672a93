namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>Where the broker is.</summary>
/// <param name="Uri">AMQP address with user, password and virtual host.</param>
internal sealed record MessagingSettings(Uri Uri);
