using PackRelay.LocalHosting.Servers;

namespace PackRelay.LocalHosting.Running;

/// <summary>Creates a database when its server is ready, and follows the server's state.</summary>
internal sealed class DatabaseRunner(PostgresDatabaseResource database, string serverConnectionString, ResourceBoard board, ConsoleLog log, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new RestartBackoff();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await board.WaitUntilAsync(database.Parent.Name, server => server.IsReady, stop);
                await PostgresServer.EnsureDatabaseAsync(serverConnectionString, database.DatabaseName, stop);
                board.Update(database.Name, status => status with { State = ResourceState.Running, Healthy = true, Problem = null, StartedAt = status.StartedAt ?? clock.GetUtcNow() });
                backoff = new();
                await board.WaitUntilAsync(database.Parent.Name, server => !server.IsReady, stop);
                board.Update(database.Name, status => status with { Healthy = false, Problem = $"{database.Parent.Name} is not ready" });
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is Npgsql.NpgsqlException or IOException)
            {
                log.Write(error.Message);
                board.Update(database.Name, status => status with { Healthy = false, Problem = error.Message });
                await Task.Delay(backoff.After(TimeSpan.Zero), clock, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        board.Update(database.Name, status => status with { State = ResourceState.Exited, Healthy = null });
    }
}
