using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PackRelay.LocalHosting.Tests.Hosting;

/// <summary>Runs the AppHost's Program up to the point where its host is built, and keeps what it described. Nothing is started.</summary>
internal static class AppHostDiagram
{
    public static IResourceCollection Read(params string[] args)
    {
        var observer = new Observer();
        using var subscription = DiagnosticListener.AllListeners.Subscribe(observer);
        var failure = Assert.Throws<TargetInvocationException>(() => Assembly.Load("AppHost").EntryPoint!.Invoke(null, [args]));
        Assert.IsType<BuiltException>(failure.InnerException);
        return observer.Resources!;
    }

    private sealed class Observer : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private readonly AsyncLocal<bool> isOurs = new() { Value = true }; // other tests build hosts at the same time

        public IResourceCollection? Resources { get; private set; }

        public void OnNext(DiagnosticListener value)
        {
            if (isOurs.Value && value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (!isOurs.Value || value is not { Key: "HostBuilt", Value: IHost host }) return;
            Resources = host.Services.GetRequiredService<IResourceCollection>();
            host.Dispose();
            throw new BuiltException();
        }

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }

    private sealed class BuiltException : Exception;
}
