using MassTransit;
using PackRelay.Contracts;

namespace PackRelay.Gateway.Answers;

/// <summary>Drops the answers that a change in the catalog made untrue, whichever gateway the change went through.</summary>
internal sealed class CatalogChangesConsumer(AnswerStore answers)
    : IConsumer<PackChanged>, IConsumer<PackRemoved>, IConsumer<PackVersionPublished>, IConsumer<PackVersionWithdrawn>, IConsumer<ServerChanged>, IConsumer<ServerRemoved>,
        IConsumer<ServerListsChanged>, IConsumer<KeyRevoked>
{
    public Task Consume(ConsumeContext<PackChanged> context) => PackAsync(context.Message.Slug);

    public Task Consume(ConsumeContext<PackRemoved> context) => PackAsync(context.Message.Slug);

    public Task Consume(ConsumeContext<PackVersionPublished> context) => PackAsync(context.Message.Slug);

    public Task Consume(ConsumeContext<PackVersionWithdrawn> context) => PackAsync(context.Message.Slug);

    public Task Consume(ConsumeContext<ServerChanged> context) => ServerAsync(context.Message.Slug);

    public Task Consume(ConsumeContext<ServerRemoved> context) => ServerAsync(context.Message.Slug);

    public Task Consume(ConsumeContext<ServerListsChanged> context)
    {
        answers.Evict(AnswerTag.Servers);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<KeyRevoked> context)
    {
        answers.Evict(AnswerTag.Key(context.Message.KeyId));
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
