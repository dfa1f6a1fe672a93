using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.Gateway.Tests;

/// <summary>Answers the gateway's question about credentials from a list that the test keeps.</summary>
public sealed class IdentityBackend(Backend backend, string signingKey)
{
    private readonly CallerToken tokens = new(Options.Create(new CallerOptions { SigningKey = signingKey }), TimeProvider.System);

    private readonly ConcurrentDictionary<string, Caller> callers = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, int> questions = new(StringComparer.Ordinal);

    /// <summary>Awaited before each answer, after what is to be answered has been read: lets a test change things in between.</summary>
    public Func<string, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Answer this status to every question instead; 0 for none.</summary>
    public int Failure { get; set; }

    public Backend Backend => backend;

    public CallerToken Tokens => tokens;

    public static IdentityBackend Start(Backend backend, string signingKey)
    {
        var identity = new IdentityBackend(backend, signingKey);
        backend.Handler = identity.HandleAsync;
        return identity;
    }

    public void Know(string secret, Caller caller) => callers[secret] = caller;

    public void Forget(string secret) => callers.TryRemove(secret, out _);

    public int QuestionsAbout(string secret) => questions.GetValueOrDefault(secret);

    /// <summary>A new token of a new account.</summary>
    public (string Secret, Caller Caller) NewToken(CredentialKind kind = CredentialKind.Token)
    {
        var secret = $"prl_{Guid.NewGuid():N}";
        var caller = new Caller
        {
            AccountId = Guid.NewGuid(), Username = "someone", DisplayName = "Some One", Role = Role.ServerOwner, Credential = kind, CredentialId = Guid.NewGuid(),
            Scopes = new HashSet<string>(StringComparer.Ordinal) { Scopes.PacksWrite },
        };
        Know(secret, caller);
        return (secret, caller);
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path != "/internal/callers")
        {
            await context.Response.WriteAsync("identity");
            return;
        }

        var request = (await context.Request.ReadFromJsonAsync<ResolveCallerRequest>(ApiJson.Options))!;
        questions.AddOrUpdate(request.Secret, 1, (_, count) => count + 1);
        var caller = callers.GetValueOrDefault(request.Secret);
        await BeforeAnswer(request.Secret);
        if (Failure != 0) context.Response.StatusCode = Failure;
        else if (caller is null || caller.Credential != request.Kind) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else await context.Response.WriteAsync(tokens.Write(caller));
    }
}
