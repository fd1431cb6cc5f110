using System.Net;
using System.Net.Sockets;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Tests.Validation.Checks;

/// <summary>A service that does not answer: the messages say which of the reasons it was.</summary>
public sealed class AnswerTests : IDisposable
{
    readonly CheckedMachine machine = new();

    [Fact]
    public async Task Nothing_listens()
    {
        var port = CheckedMachine.UnusedPort();
        machine.Context = machine.Context with { ListeningBefore = await ListeningSocket.ReadAsync(machine.Context, default) };

        Assert.StartsWith(
            $"GET /: expected status 200, got no connection, nothing listens on 127.0.0.1:{port}; ",
            await machine.CheckAsync("{ get: / }", port),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Only_the_other_loopback_address_is_listened_on()
    {
        machine.Context = machine.Context with { ListeningBefore = await ListeningSocket.ReadAsync(machine.Context, default) };
        using var service = new ScriptedService(IPAddress.IPv6Loopback, null, ScriptedService.Http("hello"));

        var failure = await machine.CheckAsync("{ get: / }", service.Port);
        Assert.StartsWith(
            $"GET /: expected status 200, got no connection, nothing listens on 127.0.0.1:{service.Port}; listening is ",
            failure,
            StringComparison.Ordinal
        );
        Assert.Contains($"[::1]:{service.Port}", failure, StringComparison.Ordinal); // beside sockets of other tests
        Assert.Null(await machine.CheckAsync("{ get: /, address: '::1' }", service.Port));
    }

    [Theory]
    [InlineData("{ get: / }", "GET /: expected status 200")]
    [InlineData("{ tcp: \"{port}\", send: '\\n', expect: x }", "TCP {port} send \\n: expected 'x'")]
    public async Task The_connection_is_closed_without_a_byte(string check, string message)
    {
        using var service = new ScriptedService(Enumerable.Repeat("", 9)); // HttpClient may try again

        Assert.Equal($"{message}, got a closed connection and no answer", await machine.CheckAsync(check, service.Port));
    }

    [Theory]
    [InlineData("{ get: /, timeout: 300ms }", "GET /: expected status 200")]
    [InlineData("{ tcp: \"{port}\", send: '\\n', expect: x, timeout: 300ms }", "TCP {port} send \\n: expected 'x'")]
    public async Task There_is_no_answer_within_the_time_limit(string check, string message)
    {
        using var service = new ScriptedService([null]);

        Assert.Equal($"{message}, got no answer within 0.3 s", await machine.CheckAsync(check, service.Port));
    }

    [Fact]
    public async Task The_service_has_ended_with_an_exit_code_and_nobody_waits_for_it()
    {
        machine.Context = machine.Context with
        {
            Services = [new CheckedService("web", _ => Task.FromResult("starting\nno licence\n"), _ => Task.FromResult<long?>(3))],
        };

        var port = CheckedMachine.UnusedPort();
        var result = (await machine.RunAsync("[ { get: / } ]", port, "timeout: 60m")).Single();

        Assert.EndsWith(": web exited with code 3", result.Message, StringComparison.Ordinal);
        Assert.Equal(CaseOutcome.Failed, result.Outcome);
        Assert.Equal(19, result.Line);
        Assert.Contains("asked: GET /\nexpected: status 200\ngot: no connection, ", result.Details, StringComparison.Ordinal);
        Assert.EndsWith(
            $"address: 127.0.0.1:{port}\nweb: exited with code 3; the last lines of its log:\n  | starting\n  | no licence",
            result.Details,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_service_that_is_still_starting_is_waited_for()
    {
        var refusals = 0;
        using var service = new ScriptedService(ScriptedService.Http("hello"));
        var connect = machine.Context.Connect;
        machine.Context = machine.Context with
        {
            Connect = (to, cancellation) =>
                ++refusals < 3 ? throw new SocketException((int)SocketError.ConnectionRefused) : connect(to, cancellation),
        };

        Assert.Equal(
            [CaseOutcome.Passed],
            (await machine.RunAsync("[ { get: / } ]", service.Port, "timeout: 30s")).Select(result => result.Outcome)
        );
        Assert.Equal(3, refusals);
    }

    [Fact]
    public async Task A_wrong_answer_is_tried_again_only_within_the_time_the_check_gives()
    {
        using var service = new ScriptedService(
            ScriptedService.Http("", "503 Service Unavailable"),
            ScriptedService.Http("", "503 Service Unavailable"),
            ScriptedService.Http("hello")
        );

        Assert.Equal("GET /: expected status 200, got status 503: nothing", await machine.CheckAsync("{ get: / }", service.Port));
        Assert.Null(await machine.CheckAsync("{ get: /, within: 30s }", service.Port));
    }

    [Fact]
    public async Task All_checks_run_and_a_name_replaces_what_is_asked_in_the_title()
    {
        using var service = new ScriptedService(Enumerable.Repeat(ScriptedService.Http("hello"), 3));

        var results = await machine.RunAsync(
            "[ { get: /, contains: bye, name: says goodbye }, { get: / }, { listening: \"{port}\", address: 127.0.0.1 } ]",
            service.Port
        );

        Assert.Equal([CaseOutcome.Failed, CaseOutcome.Passed, CaseOutcome.Passed], results.Select(result => result.Outcome));
        Assert.Equal(["says goodbye", "GET /", "listening 127.0.0.1:{port}"], results.Select(result => result.Title));
    }

    [Fact]
    public async Task A_cancelled_check_is_cancelled_and_not_a_failed_one()
    {
        using var service = new ScriptedService([null]);
        using var cancellation = new CancellationTokenSource();
        var scenario = machine.Scenario($"{{ start: player, port: {service.Port}, checks: [ {{ get: / }} ] }}");
        await using var running = new CheckRunner(scenario, machine.Context with { Port = service.Port })
            .RunAsync(cancellation.Token)
            .GetAsyncEnumerator(cancellation.Token);

        var next = running.MoveNextAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    public void Dispose() => machine.Dispose();
}
