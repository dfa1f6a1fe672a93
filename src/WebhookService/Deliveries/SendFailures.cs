using System.Net.Sockets;
using PackRelay.WebhookService.Targets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Says why there was no answer, in words for the webhook's owner and without anything about our network.</summary>
internal static class SendFailures
{
    public static string Describe(HttpRequestException failure) => failure switch
    {
        { InnerException: TargetRefusedException refused } => refused.Message,
        { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name has no address",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "the host name has no address",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection: the certificate is not valid for the host, or the receiver does not speak TLS",
        { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection was closed without an answer",
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer's headers are too long",
        { InnerException: IOException } => "the connection broke off",
        _ => "the answer is not valid HTTP",
    };
}
