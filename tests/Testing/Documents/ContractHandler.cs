using System.Text.Json;
using Xunit.Sdk;

namespace PackRelay.Testing.Documents;

/// <summary>Fails a test whose exchange with the hub is not as the API document promises, whatever the test itself looks at.</summary>
/// <param name="contract">The document, or a part of it.</param>
public sealed class ContractHandler(ApiContract contract) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Before it is sent: the content is gone afterwards.
        var sent = IsJson(request.Content) && request.Content!.Headers.ContentEncoding.Count == 0 ? await request.Content.ReadAsByteArrayAsync(cancellationToken) : null;
        var answer = await base.SendAsync(request, cancellationToken);
        if (!request.RequestUri!.AbsolutePath.StartsWith("/api/", StringComparison.OrdinalIgnoreCase) || request.Method == HttpMethod.Options) return answer;

        var body = IsJson(answer.Content) ? await ReadAsync(answer, cancellationToken) : answer.Content.Headers.ContentLength > 0 ? [0] : [];
        var problems = contract.AnswerProblems(request, answer, body).ToList();
        if (sent is not null && answer.IsSuccessStatusCode && contract.Find(request.Method.Method, request.RequestUri.AbsolutePath) is { } operation)
            problems.AddRange(contract.RequestProblems(operation, sent).Select(problem => $"the accepted request: {problem}"));
        if (problems.Count == 0) return answer;
        throw new XunitException(
            $"{request.Method} {request.RequestUri.PathAndQuery} -> {(int)answer.StatusCode} is not as the API document says:\n  {string.Join("\n  ", problems)}\n{System.Text.Encoding.UTF8.GetString(body)[..Math.Min(body.Length, 2_000)]}");
    }

    private static bool IsJson(HttpContent? content) => content?.Headers.ContentType?.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        await answer.Content.LoadIntoBufferAsync(stop);
        var body = await answer.Content.ReadAsByteArrayAsync(stop);
        if (answer.Content.Headers.ContentEncoding.Count == 0) return body;
        return JsonSerializer.SerializeToUtf8Bytes(new { error = "compressed", code = "compressed" }); // nobody asks for that without looking at the bytes
    }
}
