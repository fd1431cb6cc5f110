using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Server;

static class Endpoint
{
    const int LargestJson = 32 * 1024 * 1024;

    /// <summary>A method that answers a request, as routing takes it: without the reflection that would cost the start 100 ms.</summary>
    public static RequestDelegate Of(Func<HttpContext, Task<IResult>> answer) => async http => await (await answer(http)).ExecuteAsync(http);

    public static RequestDelegate Of(Func<HttpContext, IResult> answer) => http => answer(http).ExecuteAsync(http);

    public static string Route(this HttpContext http, string name) => (string?)http.Request.RouteValues[name] ?? "";

    /// <summary>The request's body; null where it has none.</summary>
    /// <exception cref="BadHttpRequestException">It is not the JSON that is expected.</exception>
    public static async Task<T?> ReadAsync<T>(this HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestJson;
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return null;
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException($"The request's body is not the JSON expected: {fault.Message}", StatusCodes.Status400BadRequest, fault);
        }
    }
}
