using System.Diagnostics.Metrics;

namespace PackRelay.IdentityService.Sessions;

/// <summary>Counts sign-in attempts by outcome: a rise of <c>wrong</c> or <c>limited</c> is somebody guessing passwords.</summary>
internal sealed class SignInMetrics(IMeterFactory meters)
{
    public const string MeterName = "PackRelay.Identity";

    private readonly Counter<long> attempts = meters.Create(MeterName).CreateCounter<long>("packrelay.identity.sign_ins", "{attempt}", "Sign-in attempts by outcome");

    public void SignedIn() => Count("right");

    public void Wrong() => Count("wrong");

    public void Limited() => Count("limited");

    public void Busy() => Count("busy");

    private void Count(string outcome) => attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
