namespace PackRelay.ServiceDefaults.Messaging;

/// <summary>Where the broker is, for the few who talk to it without MassTransit.</summary>
/// <param name="Uri">AMQP address with user, password and virtual host.</param>
public sealed record MessagingSettings(Uri Uri);
