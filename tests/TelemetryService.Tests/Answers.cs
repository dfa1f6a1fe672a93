using System.Net;
using System.Text.Json;

namespace PackRelay.TelemetryService.Tests;

internal static class Answers
{
    public static async Task AssertErrorAsync(HttpResponseMessage answer, HttpStatusCode status, string code, int? retryAfterSeconds = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        var error = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("error").GetString());
        if (retryAfterSeconds is not null) Assert.Equal(TimeSpan.FromSeconds(retryAfterSeconds.Value), answer.Headers.RetryAfter?.Delta);
    }
}
