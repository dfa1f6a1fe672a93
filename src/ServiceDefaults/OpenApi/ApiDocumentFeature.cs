using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>
/// A service started with <c>--ApiDocument:Path=file</c> writes down its part of the API document and ends, without a database or anything else. In any other run
/// nothing of this is registered.
/// </summary>
internal static class ApiDocumentFeature
{
    private const string Document = "native";

    private const string PathKey = "ApiDocument:Path";

    public static void AddApiDocument(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[PathKey] is null) return;
        builder.Services.AddSingleton<ApiSchemas>();
        builder.Services.PostConfigure<JsonOptions>(json => ApiSchemas.MakeReadable(json.SerializerOptions));
        builder.Services.AddOpenApi(Document);
        builder.Services.AddOptions<OpenApiOptions>(Document).Configure<ApiSchemas>((options, schemas) =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = schemas.NameOf;
        });
    }

    /// <summary>True: that was what the service had been started for.</summary>
    public static async Task<bool> TryWriteApiDocumentAsync(this WebApplication app, CancellationToken stop)
    {
        if (app.Configuration[PathKey] is not { } path) return false;
        app.UseRouting();
        app.UseEndpoints(static _ => { }); // what the start would do: only now the container knows the endpoints
        await using var scope = app.Services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Document).GetOpenApiDocumentAsync(stop);
        var json = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, stop))!.AsObject();
        app.Services.GetRequiredService<ApiSchemas>().Describe(json);
        new ApiOperations(json).Describe(app.Services.GetRequiredService<EndpointDataSource>());
        await File.WriteAllTextAsync(path, json.ToJsonString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), stop);
        return true;
    }
}
