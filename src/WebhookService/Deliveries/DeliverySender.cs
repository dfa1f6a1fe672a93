using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using PackRelay.WebhookService.Secrets;
using PackRelay.WebhookService.Targets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Makes one attempt: sign, send, read the answer, all within the time limit.</summary>
internal sealed class DeliverySender(TargetConnector targets, SecretVault vault, IOptions<DeliveryOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Read so that the connection can be used again; a receiver that answers with more loses its connection.</summary>
    private const int MostReadBytes = 64 * 1024;

    private const int KeptBytes = 4 * 1024;

    private readonly HttpMessageInvoker client = targets.CreateClient();

    /// <summary>Throws only when <paramref name="stop"/> is cancelled; whatever else happens is the attempt's outcome.</summary>
    public async Task<Attempt> SendAsync(ClaimedDelivery delivery, CancellationToken stop)
    {
        var at = clock.GetUtcNow();
        var start = clock.GetTimestamp();
        var answer = new Answer();
        using var limit = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        Signing? signing = null;
        string? error;
        try
        {
            error = TryBuild(delivery, at, out var request, out signing)
                ? await ExchangeAsync(request, answer, either.Token)
                : "the hub cannot read this webhook's secret any more; rotate it";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            error = limit.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no complete answer within {options.Value.Timeout.TotalSeconds} s")
                : "no connection";
        }
        catch (HttpRequestException failure) when (!stop.IsCancellationRequested)
        {
            error = SendFailures.Describe(failure);
        }
        catch (IOException) when (!stop.IsCancellationRequested)
        {
            error = "the answer broke off";
        }

        return new Attempt(at, answer.StatusCode, clock.GetElapsedTime(start), error, answer.Body, answer.RetryAfter, signing);
    }

    public void Dispose() => client.Dispose();

    private bool TryBuild(ClaimedDelivery delivery, DateTimeOffset at, [NotNullWhen(true)] out HttpRequestMessage? request, out Signing? signing)
    {
        (request, signing) = (null, null);
        if (!vault.TryOpen(delivery.EndpointId, delivery.Secret, out var secret)) return false;
        WebhookSecret? previous = null;
        if (delivery.PreviousSecret is not null) vault.TryOpen(delivery.EndpointId, delivery.PreviousSecret, out previous);

        request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(DeliveryRequest.ContentType);
        request.Headers.TryAddWithoutValidation("User-Agent", DeliveryRequest.UserAgent);
        foreach (var (name, value) in DeliveryRequest.Headers(delivery.Id, delivery.Event)
            .Append(DeliveryRequest.Timestamp(at)).Concat(DeliveryRequest.Signatures(delivery.Id, delivery.Body, at, secret, previous)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        signing = new Signing(delivery.SecretNumber, previous is not null);
        return true;
    }

    private async Task<string?> ExchangeAsync(HttpRequestMessage request, Answer answer, CancellationToken stop)
    {
        using var sent = request;
        using var response = await client.SendAsync(sent, stop);
        answer.StatusCode = (int)response.StatusCode;
        answer.RetryAfter = RetryAfterOf(response.Headers.RetryAfter);
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        await ReadAsync(body, answer, stop);
        return (int)response.StatusCode switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 => "answered with a redirect, which is not followed",
            _ => string.Create(CultureInfo.InvariantCulture, $"answered {answer.StatusCode}"),
        };
    }

    private static async Task ReadAsync(Stream body, Answer answer, CancellationToken stop)
    {
        var buffer = new byte[KeptBytes];
        var kept = await body.ReadAtLeastAsync(buffer, KeptBytes, throwOnEndOfStream: false, stop);
        answer.Body = Encoding.UTF8.GetString(buffer, 0, kept).Replace('\0', '\uFFFD'); // the one character that a text column cannot hold
        var (total, read) = (kept, kept);
        while (read > 0 && kept == KeptBytes && total < MostReadBytes)
        {
            read = await body.ReadAsync(buffer, stop);
            total += read;
        }
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    /// <summary>What is known of the answer when the exchange ends, however it ends.</summary>
    private sealed class Answer
    {
        public int? StatusCode { get; set; }

        public string? Body { get; set; }

        public TimeSpan? RetryAfter { get; set; }
    }
}
