using MassTransit;
using PackRelay.Gateway.Answers;

namespace PackRelay.Gateway.Callers;

/// <summary>The queue of this process ends with its connection: what was revoked or changed meanwhile was not heard, so that nothing may be trusted any longer.</summary>
internal sealed class ForgetOnReconnect(CallerCache callers, AnswerStore answers) : IReceiveEndpointObserver
{
    public Task Ready(ReceiveEndpointReady ready)
    {
        callers.Clear();
        answers.Clear();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
