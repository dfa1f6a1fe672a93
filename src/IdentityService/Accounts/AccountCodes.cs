namespace PackRelay.IdentityService.Accounts;

/// <summary>Error codes of the account routes, beyond <c>invalid_&lt;field&gt;</c>.</summary>
internal static class AccountCodes
{
    /// <summary>400: the password is too short or too long.</summary>
    public const string WeakPassword = "weak_password";

    /// <summary>409: another account has the username, or it is kept for the administrator.</summary>
    public const string UsernameTaken = "username_taken";

    /// <summary>409: another account has the e-mail address.</summary>
    public const string EmailTaken = "email_taken";

    /// <summary>403: the hub's administrator makes server owners, not they themselves.</summary>
    public const string ApprovalRequired = "approval_required";

    /// <summary>403: an administrator shut the account out.</summary>
    public const string AccountSuspended = "account_suspended";

    /// <summary>403: the current password that came with a change is not the account's.</summary>
    public const string WrongPassword = "wrong_password";

    /// <summary>409: the account owns packs or servers still.</summary>
    public const string AccountNotEmpty = "account_not_empty";

    /// <summary>409: no administrator would be left.</summary>
    public const string LastAdmin = "last_admin";
}
