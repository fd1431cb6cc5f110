using System.Net;
using System.Security.Authentication;
using System.Text;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>The checks that connect to a service: one attempt each.</summary>
sealed class ConnectionChecks(CheckContext context)
{
    const int LongestAnswer = 16 << 20;

    readonly NoAnswer noAnswer = new(context);

    public async Task<Difference?> TryAsync(HttpCheck check, CancellationToken cancellation)
    {
        var address = EndPoint(check.Address, check.Port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(check.Timeout);
        try
        {
            var answer = await new HttpExchange(context).SendAsync(check, address, patience.Token);
            return new HttpComparison(context).Find(check, answer) is { } difference ? difference with { Address = address } : null;
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellation))
        {
            return await noAnswer.ExplainAsync(HttpComparison.ExpectedStatus(check), address, failure, check.Timeout, cancellation);
        }
    }

    public async Task<Difference?> TryAsync(TcpCheck check, CancellationToken cancellation)
    {
        var address = EndPoint(check.Address, check.Port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(check.Timeout);
        var answer = new MemoryStream();
        try
        {
            await using var connection = await context.Connect(address, patience.Token);
            await using var stream = check.Tls is { } tls
                ? await new TlsClient(context).AuthenticateAsync(connection, tls, patience.Token)
                : connection;
            await stream.WriteAsync(Convert.FromHexString(check.Send ?? ""), patience.Token);
            await stream.FlushAsync(patience.Token);
            await ReadUntilEnoughAsync(check, stream, answer, patience.Token);
        }
        catch (Exception failure) when (IsNoAnswer(failure, cancellation))
        {
            if (answer.Length == 0 && !(failure is OperationCanceledException && Find(check, []) is null))
            {
                return await noAnswer.ExplainAsync(Expected(check), address, failure, check.Timeout, cancellation);
            }
        }
        if (answer.Length == 0 && Find(check, []) is not null)
        {
            return await noAnswer.ExplainAsync(Expected(check), address, new EndOfStreamException(), check.Timeout, cancellation);
        }
        return Find(check, answer.ToArray()) is { } difference ? difference with { Address = address } : null;
    }

    public async Task<Difference?> TryAsync(ListeningCheck check, CancellationToken cancellation)
    {
        var port = check.Port ?? context.Port ?? 0;
        var sockets = await ListeningSocket.ReadAsync(context, cancellation);
        var wanted = check.Address is null ? null : IPAddress.Parse(check.Address);
        if (sockets.Any(socket => socket.Port == port && (wanted is null || socket.Address.Equals(wanted))))
        {
            return null;
        }
        var ended = await noAnswer.EndedAsync(cancellation);
        var got = await noAnswer.DescribeListenersAsync(cancellation);
        var where = wanted is null ? $"port {port}" : $"{new IPEndPoint(wanted, port)}";
        return new Difference($"a service that listens on {where}", ended.Count == 0 ? got : $"{got}: {string.Join(", ", ended)}")
        {
            MayBeStarting = ended.Count == 0,
        };
    }

    IPEndPoint EndPoint(string address, int? port) => new(IPAddress.Parse(address), port ?? context.Port ?? 0);

    static bool IsNoAnswer(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or IOException or System.Net.Sockets.SocketException or AuthenticationException
        || failure is OperationCanceledException && !cancellation.IsCancellationRequested;

    // What must not come can still come: without anything that must, it reads to the end.
    async Task ReadUntilEnoughAsync(TcpCheck check, Stream stream, MemoryStream answer, CancellationToken cancellation)
    {
        var buffer = new byte[16 << 10];
        var isAnswerExpected = check.Expect is not null || !check.Text.IsEmpty;
        var hasLimit = check.Expect is not null || check.Text.Contains.Count + check.Text.Matches.Count > 0;
        while (isAnswerExpected && answer.Length < LongestAnswer && !(hasLimit && Find(check, answer.ToArray()) is null))
        {
            var read = await stream.ReadAsync(buffer, cancellation);
            if (read == 0)
            {
                return;
            }
            answer.Write(buffer, 0, read);
        }
    }

    Difference? Find(TcpCheck check, byte[] answer) =>
        check.Expect is { } expected && answer.AsSpan().IndexOf(Convert.FromHexString(expected)) < 0
            ? new Difference(
                $"'{Escaped.From(expected)}'",
                answer.Length == 0 ? "nothing" : $"'{context.Secrets.Mask(Difference.Beginning(Escaped.From(answer)))}'"
            )
            : new TextComparison(context).Find(check.Text, Encoding.UTF8.GetString(answer), "an answer");

    static string Expected(TcpCheck check) =>
        check.Expect is { } expected ? $"'{Escaped.From(expected)}'"
        : check.Text.IsEmpty ? "a connection"
        : "an answer";
}
