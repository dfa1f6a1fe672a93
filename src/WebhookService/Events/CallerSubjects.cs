using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.WebhookService.Events;

/// <summary>What a restricted credential may hear of, as subjects of notices.</summary>
internal static class CallerSubjects
{
    /// <summary>Subjects of the only packs; null when the credential is not restricted to some.</summary>
    public static string[]? PackSubjects(this Caller caller) => caller.Packs?.Select(Notice.PackSubject).ToArray();

    /// <summary>Subjects of the only servers; null when the credential is not restricted to some.</summary>
    public static string[]? ServerSubjects(this Caller caller) => caller.Servers?.Select(Notice.ServerSubject).ToArray();
}
