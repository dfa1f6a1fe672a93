using System.Diagnostics.CodeAnalysis;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>A webhook that the caller may use, or the error to answer with.</summary>
internal readonly struct EndpointLookup
{
    private readonly StoredEndpoint? endpoint;

    private readonly ApiError? error;

    public EndpointLookup(StoredEndpoint endpoint) => this.endpoint = endpoint;

    public EndpointLookup(ApiError error) => this.error = error;

    public bool TryGet([NotNullWhen(true)] out StoredEndpoint? found, [NotNullWhen(false)] out ApiError? refusal)
    {
        (found, refusal) = (endpoint, error);
        return found is not null;
    }
}
