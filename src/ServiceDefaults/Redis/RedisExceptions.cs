namespace PackRelay.ServiceDefaults.Redis;

/// <summary>
/// Redis could not be asked, or did not answer in time: not connected, connection lost, queue full, timed out.
/// Whether a command that was already sent has been carried out is then unknown.
/// </summary>
public sealed class RedisUnavailableException : Exception
{
    /// <summary>Says what was wrong, never the command's arguments.</summary>
    public RedisUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>Redis answered and refused the command; the message is the server's own, starting with its error code.</summary>
public sealed class RedisServerException : Exception
{
    /// <summary>Takes the server's error line, without the leading minus.</summary>
    public RedisServerException(string message) : base(message) { }

    /// <summary>The first word of the message, such as <c>WRONGTYPE</c> or <c>NOSCRIPT</c>.</summary>
    public string Code => Message.Split(' ', 2)[0];
}
