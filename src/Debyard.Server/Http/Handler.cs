using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Http;

static class Handler
{
    /// <summary>
    /// Adapts a method that returns an <see cref="IResult"/> to routing, without the reflection that adds 100 ms to the start.
    /// </summary>
    public static RequestDelegate Of(Func<HttpContext, Task<IResult>> answer) =>
        async http => await (await answer(http)).ExecuteAsync(http);

    public static RequestDelegate Of(Func<HttpContext, IResult> answer) => http => answer(http).ExecuteAsync(http);
}
