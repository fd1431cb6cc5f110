using System.Net;
using System.Net.Sockets;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>Says why a service did not answer: it ended, nothing listens, the connection was closed, or it was too slow.</summary>
sealed class NoAnswer(CheckContext context)
{
    /// <param name="expected">What the check waited for: <c>status 200</c>.</param>
    /// <param name="failure">What ended the attempt; an <see cref="OperationCanceledException"/> is the time limit.</param>
    public async Task<Difference> ExplainAsync(
        string expected,
        IPEndPoint address,
        Exception failure,
        TimeSpan timeout,
        CancellationToken cancellation
    )
    {
        var got = Causes(failure).OfType<SocketException>().FirstOrDefault() switch
        {
            _ when failure is OperationCanceledException => $"no answer within {timeout.TotalSeconds:0.###} s",
            { SocketErrorCode: SocketError.ConnectionRefused } => await RefusedAsync(address, cancellation),
            { SocketErrorCode: SocketError.ConnectionReset } => "a reset connection and no answer",
            { } other => $"no connection: {other.Message}",
            null when IsClosed(failure) => "a closed connection and no answer",
            null => $"no valid answer: {Causes(failure).Last().Message}",
        };
        var ended = await EndedAsync(cancellation);
        return new Difference(expected, ended.Count == 0 ? got : $"{got}: {string.Join(", ", ended)}")
        {
            Address = address,
            MayBeStarting = failure is not OperationCanceledException && ended.Count == 0,
        };
    }

    /// <summary>The services that have ended, with their exit codes.</summary>
    public async Task<IReadOnlyList<string>> EndedAsync(CancellationToken cancellation)
    {
        var ended = new List<string>();
        foreach (var service in context.Services)
        {
            if (await service.FindExitCode(cancellation) is { } code)
            {
                ended.Add($"{service.Name} exited with code {code}");
            }
        }
        return ended;
    }

    /// <summary>What listens that did not listen before the services started.</summary>
    public async Task<string> DescribeListenersAsync(CancellationToken cancellation)
    {
        var sockets = (await ListeningSocket.ReadAsync(context, cancellation)).Except(context.ListeningBefore).ToList();
        return sockets.Count == 0 ? "nothing else listens" : $"listening is {string.Join(", ", sockets)}";
    }

    async Task<string> RefusedAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var sockets = await ListeningSocket.ReadAsync(context, cancellation);
        return sockets.Any(socket => socket.Accepts(address))
            ? "a refused connection, although something listens there"
            : $"no connection, nothing listens on {address}; {await DescribeListenersAsync(cancellation)}";
    }

    static bool IsClosed(Exception failure) =>
        Causes(failure).Any(cause => cause is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or EndOfStreamException);

    static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}
