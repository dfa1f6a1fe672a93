using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Messaging;

namespace PackRelay.Gateway.Answers;

/// <summary>Drops the answers that a change in the catalog made untrue, whichever gateway the change went through.</summary>
internal sealed class CatalogChangesConsumer(AnswerStore answers)
    : IEventConsumer<PackChanged>, IEventConsumer<PackRemoved>, IEventConsumer<PackVersionPublished>, IEventConsumer<PackVersionWithdrawn>,
        IEventConsumer<ServerChanged>, IEventConsumer<ServerRemoved>, IEventConsumer<ServerListsChanged>, IEventConsumer<KeyRevoked>,
        IEventConsumer<SolderBuildsChanged>, IEventConsumer<SolderModsChanged>
{
    public Task ConsumeAsync(PackChanged changed, CancellationToken cancellationToken) => PackAsync(changed.Slug);

    public Task ConsumeAsync(PackRemoved removed, CancellationToken cancellationToken) => PackAsync(removed.Slug);

    public Task ConsumeAsync(PackVersionPublished published, CancellationToken cancellationToken) => PackAsync(published.Slug);

    public Task ConsumeAsync(PackVersionWithdrawn withdrawn, CancellationToken cancellationToken) => PackAsync(withdrawn.Slug);

    public Task ConsumeAsync(SolderBuildsChanged changed, CancellationToken cancellationToken) => PackAsync(changed.Slug);

    public Task ConsumeAsync(SolderModsChanged changed, CancellationToken cancellationToken)
    {
        answers.Evict(AnswerTag.SolderMods);
        answers.Evict(AnswerTag.SolderBuilds);
        return Task.CompletedTask;
    }

    public Task ConsumeAsync(ServerChanged changed, CancellationToken cancellationToken) => ServerAsync(changed.Slug);

    public Task ConsumeAsync(ServerRemoved removed, CancellationToken cancellationToken) => ServerAsync(removed.Slug);

    public Task ConsumeAsync(ServerListsChanged changed, CancellationToken cancellationToken)
    {
        answers.Evict(AnswerTag.Servers);
        return Task.CompletedTask;
    }

    public Task ConsumeAsync(KeyRevoked revoked, CancellationToken cancellationToken)
    {
        answers.Evict(AnswerTag.Key(revoked.KeyId));
        return Task.CompletedTask;
    }

    private Task PackAsync(string slug)
    {
        answers.Evict(AnswerTag.Pack(slug));
        answers.Evict(AnswerTag.Packs);
        answers.Evict(AnswerTag.Servers); // they show the name and the version of the pack they run
        return Task.CompletedTask;
    }

    private Task ServerAsync(string slug)
    {
        answers.Evict(AnswerTag.Server(slug));
        answers.Evict(AnswerTag.Servers);
        return Task.CompletedTask;
    }
}
