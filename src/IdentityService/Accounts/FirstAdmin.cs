using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.IdentityService.Secrets;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Accounts;

/// <summary>Makes the first administrator at start, from the configuration, while the hub has none.</summary>
internal sealed partial class FirstAdmin(
    IOptions<FirstAdminOptions> options, Passwords passwords, NpgsqlDataSource db, TimeProvider clock, ILogger<FirstAdmin> logger) : IHostedService
{
    /// <summary>Held while the number of administrators may change: two replicas that start together make one, and the last one stays.</summary>
    internal const long AdvisoryLock = 0x41646D696E; // "Admin"

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    private const string ExistsSql = "SELECT EXISTS (SELECT 1 FROM accounts WHERE role = 'admin')";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await db.ScalarAsync<bool>(ExistsSql, cancellationToken)) return;
        if (string.IsNullOrEmpty(options.Value.Password))
        {
            NoPassword();
            return;
        }

        var hash = await passwords.HashAsync(options.Value.Password, cancellationToken)
            ?? throw new InvalidOperationException("No password can be hashed before the service takes requests.");
        var username = options.Value.Username;
        var admin = new NewAccount(username, Email: null, hash, username, Role.Admin);
        await db.InTransactionAsync(connection => AddAsync(connection, admin, cancellationToken), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> AddAsync(NpgsqlConnection connection, NewAccount admin, CancellationToken stop)
    {
        await connection.ExecuteAsync(LockSql, stop, AdvisoryLock);
        if (await connection.ScalarAsync<bool>(ExistsSql, stop)) return false;
        var account = await admin.InsertAsync(connection, clock.GetUtcNow(), stop);
        if (account is null) NameTaken(admin.Username); // whoever has the name keeps their own password and role
        else Created(admin.Username, account.Id);
        return account is not null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no administrator: set Identity:Admin:Password and restart to make one")]
    private partial void NoPassword();

    [LoggerMessage(Level = LogLevel.Error, Message = "There is no administrator, and the account {Username} is somebody else's: set Identity:Admin:Username to a free name")]
    private partial void NameTaken(string username);

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the administrator {Username} with id {AccountId}")]
    private partial void Created(string username, Guid accountId);
}
