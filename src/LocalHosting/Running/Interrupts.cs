using System.Runtime.InteropServices;

namespace PackRelay.LocalHosting.Running;

/// <summary>Counts Ctrl-C. The first one is the host's business: it stops in order. Who presses it again does not want to wait.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration registration;
    private int count;

    public Interrupts() => registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt);

    /// <summary>Completes at the second Ctrl-C.</summary>
    public Task Second => second.Task;

    public void Dispose() => registration.Dispose();

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true; // else the process would end now and leave the rest to the guardian
        if (Interlocked.Increment(ref count) == 2)
            second.TrySetResult();
    }
}
